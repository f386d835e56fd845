package main

import (
	"flag"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
)

// cmdOrigin serves fixed bodies over HTTP/1.1 and prior-knowledge HTTP/2, and
// echoes gRPC-framed unary calls with a grpc-status trailer.
func cmdOrigin(args []string) {
	fs := flag.NewFlagSet("origin", flag.ExitOnError)
	listen := fs.String("listen", "127.0.0.1:9080", "comma-separated listen addresses")
	must(fs.Parse(args))

	body := func(n int) http.HandlerFunc {
		b := []byte(strings.Repeat("x", n))
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("content-type", "text/plain")
			w.Header().Set("content-length", strconv.Itoa(n))
			_, _ = w.Write(b)
		}
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/1k", body(1024))
	mux.HandleFunc("/1m", body(1<<20))
	mux.HandleFunc("/10m", body(10<<20))
	mux.HandleFunc("/bench.Echo/Unary", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("content-type", "application/grpc")
		w.Header().Set("trailer", "grpc-status")
		_, _ = io.Copy(w, r.Body)
		w.Header().Set("grpc-status", "0")
	})
	srv := &http.Server{Handler: mux}
	srv.Protocols = new(http.Protocols)
	srv.Protocols.SetHTTP1(true)
	srv.Protocols.SetUnencryptedHTTP2(true)
	srv.HTTP2 = &http.HTTP2Config{MaxConcurrentStreams: 1000}
	errs := make(chan error)
	for _, a := range strings.Split(*listen, ",") {
		l, err := net.Listen("tcp", a)
		must(err)
		go func() { errs <- srv.Serve(l) }()
	}
	must(<-errs)
}
