package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
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
	command, err := nodeCommand(ctx, request.Info, append([]string{run}, h.programArguments(request)...)...)
	if err != nil {
		return &pulumirpc.RunResponse{Error: err.Error()}, nil
	}
	command.Dir = request.Pwd
	command.Env = append(os.Environ(), environment...)
	// By pipes of its own: Node.js may make what it is given non-blocking, for this process, too.
	command.Stdout, command.Stderr = io.MultiWriter(os.Stdout), io.MultiWriter(os.Stderr)
	return outcome(command, command.Run()), nil
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
func outcome(command *exec.Cmd, err error) *pulumirpc.RunResponse {
	if command.ProcessState == nil {
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("the program cannot be started: %v", err)}
	}
	switch status := command.ProcessState.Sys().(syscall.WaitStatus); {
	case status.Signaled():
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("the program was ended by a signal: %v", status.Signal())}
	case status.ExitStatus() == errorWasReported:
		return &pulumirpc.RunResponse{Bail: true}
	case status.ExitStatus() != 0:
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("the program ended with exit code %d", status.ExitStatus())}
	}
	return &pulumirpc.RunResponse{}
}
