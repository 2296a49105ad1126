package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"

	"gopkg.in/yaml.v3"
)

// project is the namespace of the program's own keys.
const project = "scheduled-messages:"

// configured prints the month of a stack's configuration, which comes from Pulumi or from a file.
func configured(ctx context.Context, out io.Writer, name, file string) error {
	root, err := module()
	if err != nil {
		return err
	}
	title, settings := cmp.Or(file, name, "the selected stack"), map[string]string(nil)
	if file != "" {
		settings, err = readStackFile(file)
	} else {
		settings, err = askPulumi(ctx, root, name)
	}
	if err != nil {
		return err
	}
	if vpc := settings[project+"vpcId"]; vpc != "" && vpc != "none" {
		return fmt.Errorf("%s: vpcId is %s: must be none: only a stack with a VPC of its own is priced; "+
			"leave vpcId and the keys of the existing database out of a file of its own, and give it with -config", title, vpc)
	}
	prices, usage, err := load()
	if err != nil {
		return err
	}
	changes, notes := inPriceRegion(settings, prices.Region)
	b, err := billOf(root, example{name: title, changes: changes}, usage)
	if err != nil {
		return fmt.Errorf("%s: %w", title, err)
	}
	tables, err := page(used(prices, b), usage, []bill{b})
	if err != nil {
		return err
	}
	rest, million := total(prices, b.rest), total(prices, b.million)
	fmt.Fprintf(out, "%s: %.0f USD a month at rest, and %.2f USD for a million messages.\n", title, rest, million)
	fmt.Fprintf(out, "List prices of %s, read %s; without free tiers, taxes, discounts and traffic to the internet.\n",
		prices.Region, prices.Read)
	for _, note := range notes {
		fmt.Fprintln(out, note)
	}
	fmt.Fprintf(out, "\n%s", tables)
	return nil
}

// askPulumi reads a stack's configuration, with the project's defaults in it.
func askPulumi(ctx context.Context, root, name string) (map[string]string, error) {
	args := []string{"config", "--json"}
	if name != "" {
		args = append(args, "--stack", name)
	}
	cmd := exec.CommandContext(ctx, "pulumi", args...)
	cmd.Dir = root
	text, err := cmd.Output()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return nil, fmt.Errorf("pulumi %s: %w: %s", strings.Join(args, " "), err, bytes.TrimSpace(exit.Stderr))
	}
	if errors.Is(err, exec.ErrNotFound) {
		return nil, fmt.Errorf("%w: put the Pulumi CLI there, or give a stack's file with -config", err)
	}
	if err != nil {
		return nil, err
	}
	var all map[string]struct {
		Value  *string
		Secret bool
	}
	if err := json.Unmarshal(text, &all); err != nil {
		return nil, fmt.Errorf("pulumi %s: %w", strings.Join(args, " "), err)
	}
	settings := map[string]string{}
	for key, one := range all {
		if one.Value != nil && !one.Secret {
			settings[key] = *one.Value
		}
	}
	return settings, nil
}

// readStackFile reads what a stack's file sets, as Pulumi passes it on: lists and objects in JSON.
func readStackFile(path string) (map[string]string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var file struct{ Config map[string]yaml.Node }
	if err := yaml.Unmarshal(text, &file); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	settings := map[string]string{}
	for key, node := range file.Config {
		if node.Kind == yaml.ScalarNode {
			settings[key] = node.Value
			continue
		}
		var value any
		if err := node.Decode(&value); err != nil {
			return nil, fmt.Errorf("%s: %s: %w", path, key, err)
		}
		list, err := json.Marshal(value)
		if err != nil {
			return nil, fmt.Errorf("%s: %s: %w", path, key, err)
		}
		settings[key] = string(list)
	}
	return settings, nil
}

// inPriceRegion are the program's own keys of a configuration, as they would be in the Region of the price list: what names
// another one is replaced, by as much of it. The notes say what does not count.
func inPriceRegion(settings map[string]string, region string) (changes map[string]string, notes []string) {
	changes = map[string]string{}
	for key, value := range settings {
		if own, ours := strings.CutPrefix(key, project); ours {
			changes[own] = value
		}
	}
	if given := settings["aws:region"]; given != "" && given != region {
		notes = append(notes, "The stack is in "+given+", whose prices differ.")
	}
	if zones := changes["zones"]; zones != "" && zones != "none" && zones != "[]" {
		var names []string
		for i := range strings.Count(zones, ",") + 1 {
			names = append(names, region+string(rune('a'+i)))
		}
		changes["zones"] = strings.Join(names, ",")
	} else {
		delete(changes, "zones")
	}
	const layer = "arn:aws:lambda:us-east-1:177933569100:layer:AWS-Parameters-and-Secrets-Lambda-Extension"
	changes["secretsExtensionLayerArn"] = layer + "-Arm64:23"
	if changes["lambdaArchitecture"] == "x86_64" {
		changes["secretsExtensionLayerArn"] = layer + ":23"
	}
	return changes, notes
}

// used are the prices that a bill has, with the others left out of the page.
func used(prices list, b bill) list {
	all := prices.Prices
	prices.Prices = map[string]price{}
	for _, quantities := range []map[string]float64{b.rest, b.million} {
		for name := range quantities {
			if one, known := all[name]; known {
				prices.Prices[name] = one
			}
		}
	}
	return prices
}
