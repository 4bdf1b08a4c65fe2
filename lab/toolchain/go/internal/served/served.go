// Package served says which version of a provider this process stands for.
package served

import (
	"os"
	"path/filepath"
	"strings"
)

// Version is the version a provider reports. Pulumi looks for plugins in
// directories named after the version the program's SDK asks for, and warns
// when what it finds there reports an older one. So a provider reports the
// version it is installed as, and as build metadata the version it was made from.
func Version(provider, builtFrom string) string {
	builtFrom = strings.ReplaceAll(builtFrom, "+", "-")
	if executable, err := os.Executable(); err == nil {
		directory := filepath.Base(filepath.Dir(executable))
		if version, ok := strings.CutPrefix(directory, "resource-"+provider+"-v"); ok {
			return version + "+built.from." + builtFrom
		}
	}
	return builtFrom
}
