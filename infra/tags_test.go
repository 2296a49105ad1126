package infra

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"scheduled-messages/infra/config"
)

// tagged is the stack as it is with default tags of the provider's.
func tagged(t *testing.T, stack, defaultTags string, changes ...map[string]string) *stub {
	t.Helper()
	s := &stub{stack: stack}
	config := settings(t, with(given, changes...))
	config["aws:defaultTags"] = defaultTags
	if err := run(t, s, config); err != nil {
		t.Fatal(err)
	}
	return s
}

// tagsAt are the tags in an input.
func (r *registered) tagsAt(path string) map[string]string {
	value, ok := r.value(path)
	if !ok || !value.IsObject() {
		return nil
	}
	all := map[string]string{}
	for key := range value.ObjectValue() {
		all[string(key)] = r.text(path + "." + string(key))
	}
	return all
}

func TestInstancesVolumesAndInterfacesCarryTheDefaultTagsTheStackAndAName(t *testing.T) {
	for mode, changes := range modes {
		s := tagged(t, "prod", `{"tags":{"Project":"messages","CostCenter":42}}`, changes)
		template, group := s.launchTemplate(t), s.of(t, "autoscaling/group:Group")[0]
		want := map[string]string{"Project": "messages", "CostCenter": "42", "Stack": "prod",
			"Name": s.one(t, "network-vpc").text("tags.Name") + "-haproxy"}
		var kinds []string
		for i := range 4 {
			at := "tagSpecifications[" + string(rune('0'+i)) + "]"
			if kind := template.text(at + ".resourceType"); kind != "" {
				kinds = append(kinds, kind)
				if got := template.tagsAt(at + ".tags"); !maps.Equal(got, want) {
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
			if key := group.text(at + ".key"); key != "" {
				got[key] = group.text(at + ".value")
				if group.text(at+".propagateAtLaunch") != "true" {
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
	s, with := tagged(t, "prod", `{"tags":{"Project":"messages"}}`, everything), 0
	for _, r := range s.resources {
		switch r.text("tags.Stack") {
		case "prod":
			with++
		case "":
			if r.tagsAt("tags") != nil {
				t.Errorf("%s has the tags %v", r.name, r.tagsAt("tags"))
			}
		default:
			t.Errorf("%s is of the stack %s", r.name, r.text("tags.Stack"))
		}
	}
	for _, name := range []string{"database-cluster", "network-vpc", "sender", "foundation-key", "schedule-messages", "public-gateway", "external-network-lb"} {
		if got := s.one(t, name).text("tags.Stack"); got != "prod" {
			t.Errorf("%s is of the stack %q", name, got)
		}
	}
	if vpc := s.one(t, "network-vpc").tagsAt("tags"); !strings.HasPrefix(vpc["Name"], "scheduled-messages-") {
		t.Errorf("the VPC lost its name: %v", vpc)
	}
	if with < 40 {
		t.Errorf("%d resources have the tag", with)
	}
}

func TestAStackTagAmongTheDefaultTagsStays(t *testing.T) {
	s := tagged(t, "prod", `{"tags":{"Stack":"blue"}}`, modes["single"])
	for _, r := range s.resources {
		if got := r.text("tags.Stack"); got != "" {
			t.Errorf("%s is tagged %s next to the provider's", r.name, got)
		}
	}
	if got := s.launchTemplate(t).text("tagSpecifications[0].tags.Stack"); got != "blue" {
		t.Errorf("instances are tagged %q", got)
	}
}

// IAM takes Stack and stack for one key, and makes no role with both.
func TestAStackTagInAnotherCaseGetsNoSecondOne(t *testing.T) {
	s := tagged(t, "prod", `{"tags":{"stack":"blue"}}`, modes["single"])
	for _, r := range s.resources {
		if got := r.text("tags.Stack"); got != "" {
			t.Errorf("%s is tagged %s next to the provider's", r.name, got)
		}
	}
	if got := s.launchTemplate(t).tagsAt("tagSpecifications[0].tags"); got["stack"] != "blue" || got["Stack"] != "" {
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
		config := settings(t, given)
		config["aws:defaultTags"] = text
		err := run(t, &stub{}, config)
		if err == nil || !strings.Contains(err.Error(), "aws:defaultTags is "+text+": must be tags such as") {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestWhatWasNotAttachedYetIsFoundByItsName(t *testing.T) {
	s := deployed(t, modes["single"])
	prefix := s.one(t, "network-vpc").text("tags.Name")
	for name, want := range map[string]string{"public-gateway": prefix, "external-single-address": prefix + "-haproxy"} {
		if got := s.one(t, name).text("tags.Name"); got != want || prefix == "" {
			t.Errorf("%s is called %q, want %q", name, got, want)
		}
	}
}
