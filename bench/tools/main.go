// Command meshbench holds the small helpers of the benchmark:
//
//	pki      creates a throw-away trust root, an issuer and two workload identities
//	control  answers the proxy API (identity, destination, policy) with fixed answers
//	origin   serves HTTP/1.1, HTTP/2 without TLS, and a unary gRPC echo
//	hs       does full mutual-TLS handshakes as fast as it can
//	idle     opens connections, makes one request on each, and holds them
//
// All of it is for measurement only: nothing here authenticates its callers.
package main

import (
	"fmt"
	"os"
)

var commands = map[string]func([]string){
	"pki": cmdPKI, "control": cmdControl, "origin": cmdOrigin, "hs": cmdHandshake, "idle": cmdIdle,
}

func main() {
	if len(os.Args) > 1 {
		if command, ok := commands[os.Args[1]]; ok {
			command(os.Args[2:])
			return
		}
	}
	fmt.Fprintln(os.Stderr, "usage: meshbench pki|control|origin|hs|idle [flags]")
	os.Exit(64)
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "meshbench:", err)
		os.Exit(1)
	}
}
