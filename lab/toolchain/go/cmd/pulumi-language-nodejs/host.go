package main

import (
	"context"
	"os/exec"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	"github.com/pulumi/pulumi/sdk/v3/go/common/version"
	"github.com/pulumi/pulumi/sdk/v3/nodejs/npm"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/emptypb"
)

// host serves one engine. What it leaves out, the engine takes for "not implemented".
type host struct {
	pulumirpc.UnimplementedLanguageRuntimeServer
	engine string
}

func (h *host) Handshake(_ context.Context, _ *pulumirpc.LanguageHandshakeRequest) (*pulumirpc.LanguageHandshakeResponse, error) {
	return &pulumirpc.LanguageHandshakeResponse{}, nil
}

func (h *host) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: version.Version}, nil
}

// GetRequiredPlugins names none: each provider is looked for when the program
// first uses it, and nothing is gained by asking earlier.
func (h *host) GetRequiredPlugins(context.Context, *pulumirpc.GetRequiredPluginsRequest) (*pulumirpc.GetRequiredPluginsResponse, error) {
	return &pulumirpc.GetRequiredPluginsResponse{}, nil
}

func (h *host) GetRequiredPackages(context.Context, *pulumirpc.GetRequiredPackagesRequest) (*pulumirpc.GetRequiredPackagesResponse, error) {
	return &pulumirpc.GetRequiredPackagesResponse{}, nil
}

func (h *host) RuntimeOptionsPrompts(context.Context, *pulumirpc.RuntimeOptionsRequest) (*pulumirpc.RuntimeOptionsResponse, error) {
	return &pulumirpc.RuntimeOptionsResponse{}, nil
}

func (h *host) About(ctx context.Context, _ *pulumirpc.AboutRequest) (*pulumirpc.AboutResponse, error) {
	node, err := exec.LookPath("node")
	if err != nil {
		return nil, err
	}
	version, err := exec.CommandContext(ctx, node, "--version").Output()
	if err != nil {
		return nil, err
	}
	return &pulumirpc.AboutResponse{Executable: node, Version: strings.TrimSpace(string(version))}, nil
}

func (h *host) GetProgramDependencies(ctx context.Context, request *pulumirpc.GetProgramDependenciesRequest) (*pulumirpc.GetProgramDependenciesResponse, error) {
	directory := request.Info.GetProgramDirectory()
	manager, err := npm.ResolvePackageManager(packageManager(request.Info), directory)
	if err != nil {
		return nil, err
	}
	packages, err := manager.ListPackages(ctx, directory, request.TransitiveDependencies)
	if err != nil {
		return nil, err
	}
	response := &pulumirpc.GetProgramDependenciesResponse{}
	for _, found := range packages {
		response.Dependencies = append(response.Dependencies, &pulumirpc.DependencyInfo{
			Name:    found.Name,
			Version: found.Version,
		})
	}
	return response, nil
}

func (h *host) InstallDependencies(request *pulumirpc.InstallDependenciesRequest, server pulumirpc.LanguageRuntime_InstallDependenciesServer) error {
	streams, stdout, stderr, err := rpcutil.MakeInstallDependenciesStreams(&inTurn[pulumirpc.InstallDependenciesResponse]{ServerStreamingServer: server}, request.IsTerminal)
	if err != nil {
		return err
	}
	defer streams.Close()
	const production = false
	_, err = npm.Install(server.Context(), packageManager(request.Info), request.Info.GetProgramDirectory(), production, stdout, stderr)
	return err
}

// packageManager is what the project's options name. Without, it is found by the project's files.
func packageManager(info *pulumirpc.ProgramInfo) npm.PackageManagerType {
	name, _ := stringOption(info, "packagemanager")
	return npm.PackageManagerType(name)
}
