// Command volume-provisioner gives claims their volumes: directories of the
// node it runs on. Volumes are of type local, whose files the kubelet hands to
// a pod's fsGroup; those of type hostPath stay root's.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	core "k8s.io/api/core/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/klog/v2"
	"sigs.k8s.io/sig-storage-lib-external-provisioner/v13/controller"
)

func main() {
	name := flag.String("provisioner", "", "name that storage classes call it by")
	node := flag.String("node", "", "name of the node it runs on")
	directory := flag.String("directory", "", "where volumes lie: the same path here and on the node")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *name, *node, *directory); err != nil {
		klog.FromContext(ctx).Error(err, "Cannot provision volumes")
		klog.FlushAndExit(klog.ExitFlushTimeout, 1)
	}
}

func run(ctx context.Context, name, node, directory string) error {
	// Nothing named by a volume is made or removed outside, whatever links there are.
	root, err := os.OpenRoot(directory)
	if err != nil {
		return err
	}
	config, err := rest.InClusterConfig()
	if err != nil {
		return err
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	controller.NewProvisionController(ctx, client, name, &directories{root, node},
		controller.LeaderElection(false),
		// A volume object that is deleted before its claim stays until its data is gone.
		controller.AddFinalizer(true),
	).Run(ctx)
	return nil
}

type directories struct {
	root *os.Root
	node string
}

// Provision makes a directory named after the volume. Its size is not bounded.
func (d *directories) Provision(_ context.Context, options controller.ProvisionOptions) (*core.PersistentVolume, controller.ProvisioningState, error) {
	claim := options.PVC
	if claim.Spec.Selector != nil {
		return nil, controller.ProvisioningFinished, errors.New("a claim with a selector waits for a volume that exists: none is made for it")
	}
	if selected := options.SelectedNodeName; selected != "" && selected != d.node {
		return nil, controller.ProvisioningFinished, fmt.Errorf("volumes are on node %s, and not on %s", d.node, selected)
	}
	if err := d.root.MkdirAll(options.PVName, 0o755); err != nil {
		return nil, controller.ProvisioningFinished, err
	}
	return &core.PersistentVolume{
		ObjectMeta: meta.ObjectMeta{Name: options.PVName},
		Spec: core.PersistentVolumeSpec{
			AccessModes:                   claim.Spec.AccessModes,
			Capacity:                      core.ResourceList{core.ResourceStorage: claim.Spec.Resources.Requests[core.ResourceStorage]},
			PersistentVolumeReclaimPolicy: *options.StorageClass.ReclaimPolicy,
			PersistentVolumeSource: core.PersistentVolumeSource{
				Local: &core.LocalVolumeSource{Path: filepath.Join(d.root.Name(), options.PVName)},
			},
			NodeAffinity: &core.VolumeNodeAffinity{Required: &core.NodeSelector{NodeSelectorTerms: []core.NodeSelectorTerm{{
				MatchExpressions: []core.NodeSelectorRequirement{{
					Key:      core.LabelHostname,
					Operator: core.NodeSelectorOpIn,
					Values:   []string{d.node},
				}},
			}}}},
		},
	}, controller.ProvisioningFinished, nil
}

// Delete removes a volume's directory; one that is gone already is no error.
func (d *directories) Delete(_ context.Context, volume *core.PersistentVolume) error {
	return d.root.RemoveAll(volume.Name)
}
