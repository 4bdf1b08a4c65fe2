// Command pod-security says of each pod that it reads what Kubernetes' own
// code says: which checks of the Pod Security Standards the pod fails, and
// which levels it passes. Pods and verdicts are JSON, one a line.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	core "k8s.io/api/core/v1"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
)

type verdict struct {
	Failed     []string `json:"failed"`
	Baseline   bool     `json:"baseline"`
	Restricted bool     `json:"restricted"`
}

func main() {
	if err := run(os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(in io.Reader, out io.Writer) error {
	evaluator, err := policy.NewEvaluator(policy.DefaultChecks(), nil)
	if err != nil {
		return err
	}
	decoder, encoder := json.NewDecoder(in), json.NewEncoder(out)
	for {
		var pod core.Pod
		if err := decoder.Decode(&pod); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		passes := func(level api.Level) bool {
			version := api.LevelVersion{Level: level, Version: api.LatestVersion()}
			return policy.AggregateCheckResults(evaluator.EvaluatePod(version, &pod.ObjectMeta, &pod.Spec)).Allowed
		}
		result := verdict{Failed: []string{}, Baseline: passes(api.LevelBaseline), Restricted: passes(api.LevelRestricted)}
		for _, check := range policy.DefaultChecks() {
			latest := check.Versions[len(check.Versions)-1]
			if !latest.CheckPod(&pod.ObjectMeta, &pod.Spec).Allowed {
				result.Failed = append(result.Failed, string(check.ID))
			}
		}
		if err := encoder.Encode(result); err != nil {
			return err
		}
	}
}
