package infratest

import (
	"context"
	"net"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/emptypb"
)

// Host is an engine and its providers that cost nothing: it answers a program over the engine's own protocol, each
// registration at once with what the stub makes of it. What a program takes with it is the program's own time.
type Host struct {
	pulumirpc.UnimplementedResourceMonitorServer
	Stub    *Mock
	Address string
}

// marshalled is what the engine keeps of a value on its way.
var marshalled = plugin.MarshalOptions{KeepUnknowns: true, KeepSecrets: true, KeepResources: true}

// log is the engine's other service, of which a program uses the log.
type log struct {
	pulumirpc.UnimplementedEngineServer
	said func(string)
}

func (l log) Log(_ context.Context, r *pulumirpc.LogRequest) (*emptypb.Empty, error) {
	if r.GetSeverity() >= pulumirpc.LogSeverity_WARNING {
		l.said(r.GetMessage())
	}
	return &emptypb.Empty{}, nil
}

// Listen makes a host of the engine's protocol and has it listen until the benchmark ends.
func Listen(b *testing.B) *Host {
	b.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	h := &Host{Stub: &Mock{Stack: "dev", Preview: true}, Address: listener.Addr().String()}
	server := grpc.NewServer()
	pulumirpc.RegisterResourceMonitorServer(server, h)
	pulumirpc.RegisterEngineServer(server, log{said: func(text string) { b.Log(text) }})
	go func() { _ = server.Serve(listener) }() // until it is stopped
	b.Cleanup(server.Stop)
	return h
}

// SupportsFeature says yes, as the engine does.
func (h *Host) SupportsFeature(context.Context, *pulumirpc.SupportsFeatureRequest) (*pulumirpc.SupportsFeatureResponse, error) {
	return &pulumirpc.SupportsFeatureResponse{HasSupport: true}, nil
}

// RegisterResource answers as the mock does.
func (h *Host) RegisterResource(_ context.Context, r *pulumirpc.RegisterResourceRequest) (*pulumirpc.RegisterResourceResponse, error) {
	inputs, err := plugin.UnmarshalProperties(r.GetObject(), marshalled)
	if err != nil {
		return nil, err
	}
	id, outputs, err := h.Stub.NewResource(pulumi.MockResourceArgs{
		TypeToken: r.GetType(), Name: r.GetName(), Inputs: inputs, Custom: r.GetCustom(), RegisterRPC: r})
	if err != nil {
		return nil, err
	}
	object, err := plugin.MarshalProperties(outputs, marshalled)
	if err != nil {
		return nil, err
	}
	var parent tokens.Type
	if r.GetParent() != "" {
		parent = resource.URN(r.GetParent()).QualifiedType()
	}
	urn := resource.NewURN("dev", Project, parent, tokens.Type(r.GetType()), r.GetName())
	return &pulumirpc.RegisterResourceResponse{Urn: string(urn), Id: id, Object: object}, nil
}

// RegisterResourceOutputs takes what a component exposes.
func (h *Host) RegisterResourceOutputs(context.Context, *pulumirpc.RegisterResourceOutputsRequest) (*emptypb.Empty, error) {
	return &emptypb.Empty{}, nil
}

// Invoke answers a look-up as the mock does.
func (h *Host) Invoke(_ context.Context, r *pulumirpc.ResourceInvokeRequest) (*pulumirpc.InvokeResponse, error) {
	args, err := plugin.UnmarshalProperties(r.GetArgs(), marshalled)
	if err != nil {
		return nil, err
	}
	answer, err := h.Stub.Call(pulumi.MockCallArgs{Token: r.GetTok(), Args: args})
	if err != nil {
		return nil, err
	}
	values, err := plugin.MarshalProperties(answer, marshalled)
	return &pulumirpc.InvokeResponse{Return: values}, err
}
