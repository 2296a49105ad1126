package infra_test

import (
	"fmt"
	"testing"

	"scheduled-messages/infra/internal/infratest"
	"scheduled-messages/infra/internal/planned"
)

func TestAPlanWithoutAnAccountIsThatOfTheLookUps(t *testing.T) {
	for mode, changes := range infratest.ExistingModes {
		changes = infratest.With(changes, access("network"))
		plan, err := planned.Resources("..", changes)
		if err != nil {
			t.Fatal(err)
		}
		of := func(r planned.Resource) string {
			return fmt.Sprintf("%s %s with %d inputs", r.Token, r.Name, len(r.Inputs))
		}
		looked := map[string]bool{}
		for _, r := range onto(t, changes).Resources {
			looked[of(r.Resource)] = true
		}
		for _, r := range plan {
			if !looked[of(r)] {
				t.Errorf("%s: only the plan has %s", mode, of(r))
			}
			delete(looked, of(r))
		}
		for missing := range looked {
			t.Errorf("%s: the plan lacks %s", mode, missing)
		}
	}
}
