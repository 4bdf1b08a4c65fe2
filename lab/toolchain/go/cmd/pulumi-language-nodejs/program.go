package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"syscall"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// errorWasReported is the exit code by which the SDK says that it told the user
// of the program's error already.
const errorWasReported = 32

// Run runs a program. What it prints goes where this process prints, which the engine reads.
func (h *host) Run(ctx context.Context, request *pulumirpc.RunRequest) (*pulumirpc.RunResponse, error) {
	run, err := runner(request.Info.GetProgramDirectory(), "run")
	if err != nil {
		return &pulumirpc.RunResponse{Error: err.Error()}, nil
	}
	environment, err := programEnvironment(request)
	if err != nil {
		return nil, err
	}
	command := nodeCommand(ctx, request.Info, append([]string{run}, h.programArguments(request)...)...)
	command.Dir = request.Pwd
	command.Env = append(os.Environ(), environment...)
	command.Stdout, command.Stderr = os.Stdout, os.Stderr
	return outcome(command.Run()), nil
}

// programArguments is what the SDK's runner asks for: of an option without a value it wants to hear nothing.
func (h *host) programArguments(request *pulumirpc.RunRequest) []string {
	var args []string
	for _, option := range [][2]string{
		{"--monitor", request.MonitorAddress},
		{"--engine", h.engine},
		{"--organization", request.Organization},
		{"--project", request.Project},
		{"--root-directory", request.Info.GetRootDirectory()},
		{"--stack", request.Stack},
		{"--pwd", request.Pwd},
		{"--parallel", strconv.Itoa(int(request.Parallel))},
	} {
		if option[1] != "" {
			args = append(args, option[:]...)
		}
	}
	if request.DryRun {
		args = append(args, "--dry-run")
	}
	return append(append(args, request.Info.GetEntryPoint()), request.Args...)
}

// programEnvironment has the configuration: command lines are for everyone to read.
func programEnvironment(request *pulumirpc.RunRequest) ([]string, error) {
	config, err := json.Marshal(request.Config)
	if err != nil {
		return nil, err
	}
	secretKeys, err := json.Marshal(request.ConfigSecretKeys)
	if err != nil {
		return nil, err
	}
	return append(typescript(request.Info),
		"PULUMI_CONFIG="+string(config),
		"PULUMI_CONFIG_SECRET_KEYS="+string(secretKeys),
	), nil
}

// outcome is what a program's end means to the engine.
func outcome(err error) *pulumirpc.RunResponse {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return &pulumirpc.RunResponse{}
	case !errors.As(err, &exit):
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("the program cannot be started: %v", err)}
	case exit.ExitCode() == errorWasReported:
		return &pulumirpc.RunResponse{Bail: true}
	}
	if status, ok := exit.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("the program was ended by a signal: %v", status.Signal())}
	}
	return &pulumirpc.RunResponse{Error: fmt.Sprintf("the program ended with exit code %d", exit.ExitCode())}
}
