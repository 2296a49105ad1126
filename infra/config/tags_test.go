package config_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"scheduled-messages/infra/config"
	"scheduled-messages/infra/internal/infratest"
)

// tagged is the stack as it is with default tags of the provider's.
func tagged(t *testing.T, stack, defaultTags string, changes ...map[string]string) *infratest.Mock {
	t.Helper()
	s := &infratest.Mock{Stack: stack}
	config := infratest.Settings(t, infratest.With(infratest.Given, changes...))
	config["aws:defaultTags"] = defaultTags
	if err := infratest.Run(t, s, config); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestInstancesVolumesAndInterfacesCarryTheDefaultTagsTheStackAndAName(t *testing.T) {
	for mode, changes := range infratest.Modes {
		s := tagged(t, "prod", `{"tags":{"Project":"messages","CostCenter":42}}`, changes)
		template, group := s.LaunchTemplate(t), s.Of(t, "autoscaling/group:Group")[0]
		want := map[string]string{"Project": "messages", "CostCenter": "42", "Stack": "prod",
			"Name": s.One(t, "network-vpc").Text("tags.Name") + "-haproxy"}
		var kinds []string
		for i := range 4 {
			at := "tagSpecifications[" + string(rune('0'+i)) + "]"
			if kind := template.Text(at + ".resourceType"); kind != "" {
				kinds = append(kinds, kind)
				if got := template.TagsAt(at + ".tags"); !maps.Equal(got, want) {
					t.Errorf("%s: %s has the tags %v, want %v", mode, kind, got, want)
				}
			}
		}
		// A launch fails that has tags for interfaces and creates none.
		expected := []string{"instance", "volume", "network-interface"}
		if mode == "single" {
			expected = expected[:2]
		}
		if !slices.Equal(kinds, expected) {
			t.Errorf("%s: a launch tags %v, want %v", mode, kinds, expected)
		}
		got := map[string]string{}
		for i := range 5 {
			at := "tags[" + string(rune('0'+i)) + "]"
			if key := group.Text(at + ".key"); key != "" {
				got[key] = group.Text(at + ".value")
				if group.Text(at+".propagateAtLaunch") != "true" {
					t.Errorf("%s: the group keeps %s for itself", mode, key)
				}
			}
		}
		if !maps.Equal(got, want) {
			t.Errorf("%s: the group has the tags %v, want %v", mode, got, want)
		}
	}
}

func TestEveryResourceThatTakesTagsHasTheStacksName(t *testing.T) {
	s, with := tagged(t, "prod", `{"tags":{"Project":"messages"}}`, infratest.Everything), 0
	for _, r := range s.Resources {
		switch r.Text("tags.Stack") {
		case "prod":
			with++
		case "":
			if r.TagsAt("tags") != nil {
				t.Errorf("%s has the tags %v", r.Name, r.TagsAt("tags"))
			}
		default:
			t.Errorf("%s is of the stack %s", r.Name, r.Text("tags.Stack"))
		}
	}
	for _, name := range []string{"database-cluster", "network-vpc", "sender", "foundation-key", "schedule-messages", "public-gateway", "external-network-lb"} {
		if got := s.One(t, name).Text("tags.Stack"); got != "prod" {
			t.Errorf("%s is of the stack %q", name, got)
		}
	}
	if vpc := s.One(t, "network-vpc").TagsAt("tags"); !strings.HasPrefix(vpc["Name"], "scheduled-messages-") {
		t.Errorf("the VPC lost its name: %v", vpc)
	}
	if with < 40 {
		t.Errorf("%d resources have the tag", with)
	}
}

func TestAStackTagAmongTheDefaultTagsStays(t *testing.T) {
	s := tagged(t, "prod", `{"tags":{"Stack":"blue"}}`, infratest.Modes["single"])
	for _, r := range s.Resources {
		if got := r.Text("tags.Stack"); got != "" {
			t.Errorf("%s is tagged %s next to the provider's", r.Name, got)
		}
	}
	if got := s.LaunchTemplate(t).Text("tagSpecifications[0].tags.Stack"); got != "blue" {
		t.Errorf("instances are tagged %q", got)
	}
}

// IAM takes Stack and stack for one key, and makes no role with both.
func TestAStackTagInAnotherCaseGetsNoSecondOne(t *testing.T) {
	s := tagged(t, "prod", `{"tags":{"stack":"blue"}}`, infratest.Modes["single"])
	for _, r := range s.Resources {
		if got := r.Text("tags.Stack"); got != "" {
			t.Errorf("%s is tagged %s next to the provider's", r.Name, got)
		}
	}
	if got := s.LaunchTemplate(t).TagsAt("tagSpecifications[0].tags"); got["stack"] != "blue" || got["Stack"] != "" {
		t.Errorf("instances are tagged %v", got)
	}
}

func TestDefaultTagsThatAreNoneAreRefused(t *testing.T) {
	many := strings.Repeat(`"k":"v",`, config.MostTags)
	for i := range config.MostTags {
		many = strings.Replace(many, `"k"`, fmt.Sprintf(`"k%d"`, i), 1)
	}
	if _, err := config.ProviderTags(`{"tags":{` + strings.TrimSuffix(many, ",") + `}}`); err != nil {
		t.Errorf("%d tags: %v", config.MostTags, err)
	}
	for _, text := range []string{`Project`, `{"tags":["Project"]}`, `{"tags":{"Project":{"a":"b"}}}`, `{"tags":{"Project":null}}`,
		`{"tags":{"":"a"}}`, `{"tags":{"aws:Project":"a"}}`, `{"tags":{"AWS:Project":"a"}}`, `{"tags":{"Project":"R&D"}}`, `{"tags":{"It's":"a"}}`,
		`{"tags":{"` + strings.Repeat("k", config.LongestTagKey+1) + `":"a"}}`, `{"tags":{"Project":"` + strings.Repeat("v", config.LongestTagValue+1) + `"}}`,
		`{"tags":{"Team":"a","team":"b"}}`, `{"tags":{` + many + `"one":"more"}}`} {
		config := infratest.Settings(t, infratest.Given)
		config["aws:defaultTags"] = text
		err := infratest.Run(t, &infratest.Mock{}, config)
		if err == nil || !strings.Contains(err.Error(), "aws:defaultTags is "+text+": must be tags such as") {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestWhatWasNotAttachedYetIsFoundByItsName(t *testing.T) {
	s := infratest.Deployed(t, infratest.Modes["single"])
	prefix := s.One(t, "network-vpc").Text("tags.Name")
	for name, want := range map[string]string{"public-gateway": prefix, "external-single-address": prefix + "-haproxy"} {
		if got := s.One(t, name).Text("tags.Name"); got != want || prefix == "" {
			t.Errorf("%s is called %q, want %q", name, got, want)
		}
	}
}
