// Command cert-manager is cert-manager's controller, webhook, cainjector and
// acmesolver in one program, by the first argument. Their own mains are modules
// that no proxy serves; what they start is in the module that is. It takes the
// flags that the module's chart passes, and leaves out the election of a leader:
// the lab runs one of each.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/pflag"
	"k8s.io/klog/v2"
	ctrl "sigs.k8s.io/controller-runtime"

	logf "github.com/cert-manager/cert-manager/pkg/logs"
)

type role func(ctx context.Context, flags *pflag.FlagSet, args []string) error

var roles = map[string]role{
	"acmesolver": runSolver,
	"cainjector": runInjector,
	"controller": runController,
	"webhook":    runWebhook,
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	ctrl.SetLogger(klog.Background())
	ctx = logf.NewContext(ctx, klog.Background())
	if err := run(ctx, os.Args[1:]); err != nil {
		klog.Background().Error(err, "cert-manager ends")
		klog.FlushAndExit(klog.ExitFlushTimeout, 1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) == 0 || roles[args[0]] == nil {
		return fmt.Errorf("the first argument must be one of acmesolver, cainjector, controller, webhook: %v", args)
	}
	flags := pflag.NewFlagSet(args[0], pflag.ContinueOnError)
	// The chart passes some that say nothing here, as those of the election.
	flags.ParseErrorsAllowlist.UnknownFlags = true
	return roles[args[0]](ctx, flags, args[1:])
}
