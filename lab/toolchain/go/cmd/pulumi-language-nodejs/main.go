// Command pulumi-language-nodejs is what Pulumi runs programs for Node.js by.
// Pulumi publishes its own with the CLI and not as a Go module; this one serves
// the same protocol for what programs and policy packs need. It does not
// generate SDKs or convert programs.
//
// The engine starts it with its own address as the last argument, and reads the
// port that it listens on from the first line it prints.
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
)

func main() {
	if err := serve(os.Args[len(os.Args)-1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve(engine string) error {
	alive, end := context.WithCancel(context.Background())
	defer end()
	// An engine that was killed cannot stop its host; without one the host has no purpose.
	if err := rpcutil.Healthcheck(alive, engine, 2*time.Second, end); err != nil {
		return fmt.Errorf("the engine's address %q: %w", engine, err)
	}
	server, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Init: func(server *grpc.Server) error {
			pulumirpc.RegisterLanguageRuntimeServer(server, &host{engine: engine})
			return nil
		},
	})
	if err != nil {
		return err
	}
	fmt.Println(server.Port)
	select {
	case <-alive.Done():
		return nil
	case err := <-server.Done:
		return err
	}
}
