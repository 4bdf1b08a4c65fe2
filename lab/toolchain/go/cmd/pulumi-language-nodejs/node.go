package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"github.com/google/shlex"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/fsutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// runner finds the module of the SDK that starts a program or a plugin, in the
// SDK that a program in this directory would load.
func runner(directory, name string) (string, error) {
	const sdk = "@pulumi/pulumi"
	path, err := fsutil.Searchup(directory, filepath.Join("node_modules", sdk, "cmd", name))
	if errors.Is(err, fsutil.ErrNotFound) {
		return "", fmt.Errorf("%s is not installed for the program in %s: run npm ci there first", sdk, directory)
	}
	return path, err
}

// nodeCommand is Node.js with the project's own options. It ends when the engine
// no longer wants its answer, as after Ctrl-C, and with this process.
func nodeCommand(ctx context.Context, info *pulumirpc.ProgramInfo, args ...string) (*exec.Cmd, error) {
	line, _ := stringOption(info, "nodeargs")
	own, err := shlex.Split(line)
	if err != nil {
		return nil, fmt.Errorf("runtime.options.nodeargs %q: %w", line, err)
	}
	command := exec.CommandContext(ctx, "node", append(own, args...)...)
	command.Cancel = func() error { return command.Process.Signal(syscall.SIGTERM) }
	// What the program started may hold its output open.
	command.WaitDelay = 5 * time.Second
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	return command, nil
}

// typescript is how the SDK is told of the project's TypeScript. It takes
// ts-node unless the project says that it needs none.
func typescript(info *pulumirpc.ProgramInfo) []string {
	var environment []string
	if on, given := info.GetOptions().AsMap()["typescript"].(bool); on || !given {
		environment = append(environment, "PULUMI_NODEJS_TYPESCRIPT=true")
	}
	if file, given := stringOption(info, "tsconfig"); given {
		environment = append(environment, "PULUMI_NODEJS_TSCONFIG_PATH="+file)
	}
	return environment
}

// stringOption reads one of the options that the project's file has for the runtime.
func stringOption(info *pulumirpc.ProgramInfo, name string) (string, bool) {
	value, given := info.GetOptions().AsMap()[name].(string)
	return value, given
}
