package infra_test

import (
	"encoding/json"
	"strings"
	"testing"

	"scheduled-messages/infra/internal/infratest"
	"scheduled-messages/infra/internal/lifetest"
)

// listed are the kinds of things that AWS lists in each mode.
var listed = map[string][]string{
	"single":  {"internet gateways", "addresses", "network interfaces", "launch templates", "EC2 instances", "Auto Scaling groups", "instance profiles"},
	"network": {"internet gateways", "load balancers", "target groups", "EC2 instances", "Auto Scaling groups"},
	"classic": {"internet gateways", "classic load balancers", "EC2 instances", "Auto Scaling groups"},
}

// switchExternalAccess takes a living stack to another mode of external access, or to none. The mode goes up, and
// changes nothing the second time nor after a refresh; nothing else of the stack is touched.
func switchExternalAccess(t *testing.T, e *lifetest.Engine, endpoint, mode string) {
	t.Helper()
	access := map[string]string{"none": "none", "single": "single", "network": "ha", "classic": "ha"}[mode]
	balancer := map[string]string{"single": "network", "network": "network", "classic": "classic"}[mode]
	e.Pulumi("config", "set", "externalAccess", access)
	if mode != "none" { // which takes it away alone
		e.Pulumi("config", "set-all", "--path", "--plaintext", "externalLoadBalancer="+balancer,
			"--plaintext", "externalAllowedCidrs[0]=203.0.113.0/24")
	}
	touchesNothingElse(t, e, mode)
	e.Pulumi("up", "--yes", "--skip-preview")
	e.Pulumi("preview", "--refresh", "--expect-no-changes", "--diff")

	var outputs map[string]any
	if err := json.Unmarshal([]byte(e.Pulumi("stack", "output", "--json")), &outputs); err != nil {
		t.Fatal(err)
	}
	address, _ := outputs["externalEndpoint"].(string)
	command, _ := outputs["externalCommand"].(string)
	cluster, _ := outputs["clusterEndpoint"].(string)
	if there := mode != "none"; there != (address != "") || there != strings.Contains(command, "\ncluster="+cluster+"\nendpoint="+address+"\n") {
		t.Errorf("%s: endpoint %q, command %q", mode, address, command)
	}
	resources := everythingIsTagged(t, e)
	for now, kinds := lifetest.Inventory(t, endpoint), listed[mode]; len(kinds) > 0; kinds = kinds[1:] {
		if len(now[kinds[0]]) == 0 {
			t.Errorf("%s: AWS's list of %s is blind", mode, kinds[0])
		}
	}
	for _, r := range resources {
		if mode == "none" && infratest.IsExternal(r) {
			t.Errorf("without external access there is %s", r)
		}
	}
}

// everythingIsTagged looks for the stack's name and the project's tags on all that AWS tags, and gives all resources.
func everythingIsTagged(t *testing.T, e *lifetest.Engine) (resources []string) {
	t.Helper()
	var state struct {
		Deployment struct {
			Resources []struct {
				URN     string
				Outputs struct{ TagsAll map[string]string }
			}
		}
	}
	if err := json.Unmarshal([]byte(e.Pulumi("stack", "export")), &state); err != nil {
		t.Fatal(err)
	}
	tagged := 0
	for _, r := range state.Deployment.Resources {
		resources = append(resources, lifetest.ResourceOf(r.URN))
		if all := r.Outputs.TagsAll; all != nil {
			tagged++
			if all["Stack"] != e.Stack || all["Project"] != infratest.Project {
				t.Errorf("%s: tags %v", lifetest.ResourceOf(r.URN), all)
			}
		}
	}
	if tagged < 40 {
		t.Errorf("%d resources have tags", tagged)
	}
	return resources
}

// touchesNothingElse asks for the preview and looks at every step of it.
func touchesNothingElse(t *testing.T, e *lifetest.Engine, mode string) {
	t.Helper()
	out := e.Pulumi("preview", "--json")
	var preview struct {
		Steps []struct{ Op, URN string }
	}
	if err := json.Unmarshal([]byte(out[strings.IndexByte(out, '{'):]), &preview); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	steps := 0
	for _, step := range preview.Steps {
		if step.Op == "same" {
			continue
		}
		steps++
		if !infratest.IsExternal(lifetest.ResourceOf(step.URN)) && !strings.HasSuffix(step.URN, "::"+infratest.ShowsAlarms) {
			t.Errorf("to %s: %s %s", mode, step.Op, step.URN)
		}
	}
	if steps == 0 {
		t.Errorf("to %s: the preview is blind:\n%s", mode, out)
	}
}
