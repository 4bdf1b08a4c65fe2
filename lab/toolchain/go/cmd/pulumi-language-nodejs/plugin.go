package main

import (
	"fmt"
	"os"
	"slices"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
)

// RunPlugin runs a policy pack, or a provider written for Node.js, and hands on
// what it prints until it ends.
func (h *host) RunPlugin(request *pulumirpc.RunPluginRequest, server pulumirpc.LanguageRuntime_RunPluginServer) error {
	streams, stdout, stderr, err := rpcutil.MakeRunPluginStreams(&inTurn[pulumirpc.RunPluginResponse]{ServerStreamingServer: server}, false)
	if err != nil {
		return err
	}
	defer streams.Close()
	directory := request.Info.GetProgramDirectory()
	var module, pwd string
	var args []string
	switch request.Kind {
	case "analyzer":
		// A policy pack is told the engine's address and nothing else, and looks for itself in its working directory.
		module, pwd = "run-policy-pack", directory
		args = slices.Concat(request.Args[:min(1, len(request.Args))], []string{"."})
	default:
		module, pwd = "run-plugin", request.Pwd
		args = slices.Concat([]string{directory}, request.Args)
	}
	run, err := runner(directory, module)
	if err != nil {
		return err
	}
	// The engine ends a plugin by no longer wanting to hear of it.
	command, err := nodeCommand(server.Context(), request.Info, slices.Concat([]string{run}, args)...)
	if err != nil {
		return err
	}
	command.Dir = pwd
	command.Env = append(append(os.Environ(), request.Env...), typescript(request.Info)...)
	command.Stdout, command.Stderr = stdout, stderr
	if err := command.Run(); command.ProcessState == nil {
		return fmt.Errorf("the plugin cannot be started: %w", err)
	}
	return server.Send(&pulumirpc.RunPluginResponse{
		Output: &pulumirpc.RunPluginResponse_Exitcode{Exitcode: int32(command.ProcessState.ExitCode())},
	})
}

// inTurn sends one message at a time: a stream of gRPC is not made for two
// writers, and standard output and standard error are copied side by side.
type inTurn[Message any] struct {
	grpc.ServerStreamingServer[Message]
	turn sync.Mutex
}

func (s *inTurn[Message]) Send(message *Message) error {
	s.turn.Lock()
	defer s.turn.Unlock()
	return s.ServerStreamingServer.Send(message)
}
