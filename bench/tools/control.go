package main

import (
	"context"
	"crypto/x509"
	"encoding/binary"
	"encoding/pem"
	"flag"
	"fmt"
	"log"
	"net"
	"strconv"
	"time"

	destpb "github.com/linkerd/linkerd2-proxy-api/go/destination"
	routepb "github.com/linkerd/linkerd2-proxy-api/go/http_route"
	idpb "github.com/linkerd/linkerd2-proxy-api/go/identity"
	inpb "github.com/linkerd/linkerd2-proxy-api/go/inbound"
	metapb "github.com/linkerd/linkerd2-proxy-api/go/meta"
	netpb "github.com/linkerd/linkerd2-proxy-api/go/net"
	outpb "github.com/linkerd/linkerd2-proxy-api/go/outbound"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"
)

// controlPlane answers every question about one server address: it is a service
// with a single meshed endpoint.
type controlPlane struct {
	idpb.UnimplementedIdentityServer
	destpb.UnimplementedDestinationServer

	iss      *issuer
	server   uint32 // IPv4 address of the only endpoint
	identity string // its TLS identity
	inPort   uint32 // advertised for opaque transport, 0 = not advertised
	h2hint   bool
	opaque   map[uint32]bool
	verbose  bool
}

func (c *controlPlane) logf(f string, a ...any) {
	if c.verbose {
		log.Printf(f, a...)
	}
}

func (c *controlPlane) Certify(_ context.Context, r *idpb.CertifyRequest) (*idpb.CertifyResponse, error) {
	raw := r.GetCertificateSigningRequest()
	if b, _ := pem.Decode(raw); b != nil {
		raw = b.Bytes
	}
	csr, err := x509.ParseCertificateRequest(raw)
	if err != nil {
		return nil, err
	}
	leaf, until := c.iss.sign(csr.PublicKey, r.GetIdentity(), csr.URIs, 24*time.Hour)
	c.logf("certified %s", r.GetIdentity())
	return &idpb.CertifyResponse{
		LeafCertificate:          leaf,
		IntermediateCertificates: [][]byte{c.iss.der},
		ValidUntil:               timestamppb.New(until),
	}, nil
}

func tcpAddr(ip, port uint32) *netpb.TcpAddress {
	return &netpb.TcpAddress{Ip: &netpb.IPAddress{Ip: &netpb.IPAddress_Ipv4{Ipv4: ip}}, Port: port}
}

func secs(n int64) *durationpb.Duration { return &durationpb.Duration{Seconds: n} }

func byDefault(name string) *metapb.Metadata {
	return &metapb.Metadata{Kind: &metapb.Metadata_Default{Default: name}}
}

func service(port uint32) *metapb.Metadata {
	return &metapb.Metadata{Kind: &metapb.Metadata_Resource{Resource: &metapb.Resource{
		Group: "core", Kind: "Service", Name: "server", Namespace: "bench", Port: port}}}
}

func fqdn() string { return "server.bench.svc.cluster.local" }

func (c *controlPlane) endpoint(port uint32) *destpb.WeightedAddr {
	hint := &destpb.ProtocolHint{}
	switch {
	case c.opaque[port]:
		hint.Protocol = &destpb.ProtocolHint_Opaque_{Opaque: &destpb.ProtocolHint_Opaque{}}
	case c.h2hint:
		hint.Protocol = &destpb.ProtocolHint_H2_{H2: &destpb.ProtocolHint_H2{}}
	}
	if c.inPort != 0 {
		hint.OpaqueTransport = &destpb.ProtocolHint_OpaqueTransport{InboundPort: c.inPort}
	}
	dns := &destpb.TlsIdentity_DnsLikeIdentity{Name: c.identity}
	return &destpb.WeightedAddr{
		Addr:         tcpAddr(c.server, port),
		Weight:       10000,
		MetricLabels: map[string]string{"pod": "server-0", "deployment": "server"},
		TlsIdentity: &destpb.TlsIdentity{
			Strategy:   &destpb.TlsIdentity_DnsLikeIdentity_{DnsLikeIdentity: dns},
			ServerName: dns,
		},
		ProtocolHint: hint,
		Http2: &destpb.Http2ClientParams{KeepAlive: &destpb.Http2ClientParams_KeepAlive{
			Interval: secs(10), Timeout: secs(3), WhileIdle: true}},
	}
}

func portOf(path string) uint32 {
	_, p, err := net.SplitHostPort(path)
	if err != nil {
		return 0
	}
	n, _ := strconv.ParseUint(p, 10, 16)
	return uint32(n)
}

func (c *controlPlane) Get(r *destpb.GetDestination, s destpb.Destination_GetServer) error {
	c.logf("destination.Get %s", r.GetPath())
	err := s.Send(&destpb.Update{Update: &destpb.Update_Add{Add: &destpb.WeightedAddrSet{
		Addrs:        []*destpb.WeightedAddr{c.endpoint(portOf(r.GetPath()))},
		MetricLabels: map[string]string{"service": "server", "namespace": "bench"},
	}}})
	if err != nil {
		return err
	}
	<-s.Context().Done()
	return nil
}

func (c *controlPlane) GetProfile(r *destpb.GetDestination, s destpb.Destination_GetProfileServer) error {
	c.logf("destination.GetProfile %s", r.GetPath())
	port := portOf(r.GetPath())
	err := s.Send(&destpb.DestinationProfile{
		FullyQualifiedName: fqdn(),
		OpaqueProtocol:     c.opaque[port],
		ParentRef:          service(port),
		RetryBudget:        &destpb.RetryBudget{RetryRatio: 0.2, MinRetriesPerSecond: 10, Ttl: secs(10)},
	})
	if err != nil {
		return err
	}
	<-s.Context().Done()
	return nil
}

func (c *controlPlane) backend(port uint32) *outpb.Backend {
	return &outpb.Backend{
		Metadata: service(port),
		Queue:    &outpb.Queue{Capacity: 100, FailfastTimeout: secs(3)},
		Kind: &outpb.Backend_Balancer{Balancer: &outpb.Backend_BalanceP2C{
			Discovery: &outpb.Backend_EndpointDiscovery{Kind: &outpb.Backend_EndpointDiscovery_Dst{
				Dst: &outpb.Backend_EndpointDiscovery_DestinationGet{Path: fmt.Sprintf("%s:%d", fqdn(), port)}}},
			Load: &outpb.Backend_BalanceP2C_PeakEwma_{PeakEwma: &outpb.Backend_BalanceP2C_PeakEwma{
				DefaultRtt: durationpb.New(30 * time.Millisecond), Decay: secs(10)}},
		}},
	}
}

func anyPath() []*routepb.HttpRouteMatch {
	return []*routepb.HttpRouteMatch{{Path: &routepb.PathMatch{Kind: &routepb.PathMatch_Prefix{Prefix: "/"}}}}
}

func (c *controlPlane) outbound(port uint32) *outpb.OutboundPolicy {
	be := c.backend(port)
	http := &outpb.HttpRoute{
		Metadata: byDefault("http"),
		Rules: []*outpb.HttpRoute_Rule{{
			Matches: anyPath(),
			Backends: &outpb.HttpRoute_Distribution{Kind: &outpb.HttpRoute_Distribution_FirstAvailable_{
				FirstAvailable: &outpb.HttpRoute_Distribution_FirstAvailable{
					Backends: []*outpb.HttpRoute_RouteBackend{{Backend: be}}}}},
		}},
	}
	tcp := &outpb.OpaqueRoute{
		Metadata: byDefault("opaq"),
		Rules: []*outpb.OpaqueRoute_Rule{{
			Backends: &outpb.OpaqueRoute_Distribution{Kind: &outpb.OpaqueRoute_Distribution_FirstAvailable_{
				FirstAvailable: &outpb.OpaqueRoute_Distribution_FirstAvailable{
					Backends: []*outpb.OpaqueRoute_RouteBackend{{Backend: be}}}}},
		}},
	}
	opaque := &outpb.ProxyProtocol_Opaque{Routes: []*outpb.OpaqueRoute{tcp}}
	proto := &outpb.ProxyProtocol{Kind: &outpb.ProxyProtocol_Opaque_{Opaque: opaque}}
	if !c.opaque[port] {
		routes := []*outpb.HttpRoute{http}
		proto.Kind = &outpb.ProxyProtocol_Detect_{Detect: &outpb.ProxyProtocol_Detect{
			Timeout: secs(10),
			Opaque:  opaque,
			Http1:   &outpb.ProxyProtocol_Http1{Routes: routes},
			Http2:   &outpb.ProxyProtocol_Http2{Routes: routes},
		}}
	}
	return &outpb.OutboundPolicy{Metadata: service(port), Protocol: proto}
}

func specPort(r *outpb.TrafficSpec) uint32 {
	if a := r.GetAddr(); a != nil {
		return a.GetPort()
	}
	return portOf(r.GetAuthority())
}

// outboundServer and inboundServer exist because the method names collide with
// those of the destination service.
type outboundServer struct {
	outpb.UnimplementedOutboundPoliciesServer
	c *controlPlane
}

func (o outboundServer) Get(_ context.Context, r *outpb.TrafficSpec) (*outpb.OutboundPolicy, error) {
	return o.c.outbound(specPort(r)), nil
}

func (o outboundServer) Watch(r *outpb.TrafficSpec, s outpb.OutboundPolicies_WatchServer) error {
	o.c.logf("outbound.Watch %v", r)
	if err := s.Send(o.c.outbound(specPort(r))); err != nil {
		return err
	}
	<-s.Context().Done()
	return nil
}

func anyIPv4() *netpb.IPNetwork {
	return &netpb.IPNetwork{Ip: &netpb.IPAddress{Ip: &netpb.IPAddress_Ipv4{Ipv4: 0}}}
}

type inboundServer struct {
	inpb.UnimplementedInboundServerPoliciesServer
	c *controlPlane
}

func (i inboundServer) policy(port uint32) *inpb.Server {
	var permit inpb.Authn
	name := "all-unauthenticated"
	if port == 8080 || port == 9080 { // the meshed ports demand a client identity
		name = "all-authenticated"
		permit.Permit = &inpb.Authn_MeshTLS{MeshTLS: &inpb.Authn_PermitMeshTLS{
			Clients: &inpb.Authn_PermitMeshTLS_Identities{
				Identities: &inpb.Authn_PermitMeshTLS_PermitClientIdentities{
					Suffixes: []*inpb.IdentitySuffix{{}}}}}}
	} else {
		permit.Permit = &inpb.Authn_Unauthenticated{Unauthenticated: &inpb.Authn_PermitUnauthenticated{}}
	}
	srv := &inpb.Server{
		Labels: map[string]string{"group": "", "kind": "default", "name": name},
		Authorizations: []*inpb.Authz{{
			Networks:       []*inpb.Network{{Net: anyIPv4()}},
			Authentication: &permit,
			Labels:         map[string]string{"group": "", "kind": "default", "name": name},
			Metadata:       byDefault(name),
		}},
	}
	if i.c.opaque[port] {
		srv.Protocol = &inpb.ProxyProtocol{Kind: &inpb.ProxyProtocol_Opaque_{Opaque: &inpb.ProxyProtocol_Opaque{}}}
	} else {
		srv.Protocol = &inpb.ProxyProtocol{Kind: &inpb.ProxyProtocol_Detect_{Detect: &inpb.ProxyProtocol_Detect{
			Timeout: secs(10),
			HttpRoutes: []*inpb.HttpRoute{{
				Metadata: byDefault("default"),
				Rules:    []*inpb.HttpRoute_Rule{{Matches: anyPath()}},
			}},
		}}}
	}
	return srv
}

func (i inboundServer) GetPort(_ context.Context, r *inpb.PortSpec) (*inpb.Server, error) {
	return i.policy(r.GetPort()), nil
}

func (i inboundServer) WatchPort(r *inpb.PortSpec, s inpb.InboundServerPolicies_WatchPortServer) error {
	i.c.logf("inbound.WatchPort %d", r.GetPort())
	if err := s.Send(i.policy(r.GetPort())); err != nil {
		return err
	}
	<-s.Context().Done()
	return nil
}

func cmdControl(args []string) {
	fs := flag.NewFlagSet("control", flag.ExitOnError)
	listen := fs.String("listen", "127.0.0.1:8090", "listen address (keep it on loopback)")
	dir := fs.String("pki", "pki", "directory made by the pki command")
	server := fs.String("server-ip", "", "IPv4 address of the meshed server")
	identity := fs.String("server-identity", "server.bench.serviceaccount.identity.linkerd.cluster.local", "its identity")
	inPort := fs.Uint("opaque-inbound-port", 0, "inbound proxy port to advertise for opaque transport")
	h2 := fs.Bool("h2-hint", true, "advertise that the endpoint's proxy accepts HTTP/2 upgrades")
	opaque := fs.Uint("opaque-port", 0, "one server port to treat as opaque TCP")
	verbose := fs.Bool("v", false, "log calls")
	must(fs.Parse(args))

	ip := net.ParseIP(*server).To4()
	if ip == nil {
		must(fmt.Errorf("-server-ip must be an IPv4 address, not %q", *server))
	}
	c := &controlPlane{
		iss: loadIssuer(*dir), server: binary.BigEndian.Uint32(ip), identity: *identity,
		inPort: uint32(*inPort), h2hint: *h2, verbose: *verbose,
		opaque: map[uint32]bool{uint32(*opaque): *opaque != 0},
	}
	l, err := net.Listen("tcp", *listen)
	must(err)
	s := grpc.NewServer()
	idpb.RegisterIdentityServer(s, c)
	destpb.RegisterDestinationServer(s, c)
	outpb.RegisterOutboundPoliciesServer(s, outboundServer{c: c})
	inpb.RegisterInboundServerPoliciesServer(s, inboundServer{c: c})
	log.Printf("control plane on %s", l.Addr())
	must(s.Serve(l))
}
