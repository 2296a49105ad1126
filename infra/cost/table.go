package main

import (
	"fmt"
	"slices"
	"strings"
)

// page is the tables in Markdown: at rest, by a million messages, the assumptions, and the prices.
func page(prices list, usage map[string]figure, all []bill) (string, error) {
	var out strings.Builder
	if err := restTable(&out, prices, all); err != nil {
		return "", err
	}
	if err := messageTable(&out, prices, all[0]); err != nil {
		return "", err
	}
	out.WriteString("\n| assumed or measured | | how |\n| --- | ---: | --- |\n")
	for _, name := range sorted(usage) {
		fmt.Fprintf(&out, "| `%s` | %v | %s |\n", name, usage[name].Value, usage[name].How)
	}
	fmt.Fprintf(&out, "\n| price in %s, read %s | USD | a | basis | source |\n", prices.Region, prices.Read)
	out.WriteString("| --- | ---: | --- | --- | --- |\n")
	for _, name := range byWhat(prices.Prices) {
		p := prices.Prices[name]
		fmt.Fprintf(&out, "| %s | %s | %s | %s | <%s> |\n", p.What, plain(p.USD), p.Unit, p.Basis, p.Source)
	}
	return out.String(), nil
}

// restTable has a row an item, the most expensive first, and a column a stack.
func restTable(out *strings.Builder, prices list, all []bill) error {
	fmt.Fprintf(out, "| USD a month at rest |%s\n", columns(all, func(b bill) string { return b.name }))
	fmt.Fprintf(out, "| --- |%s\n", strings.Repeat(" ---: |", len(all)))
	var items []string
	highest := map[string]float64{}
	for _, b := range all {
		for name, quantity := range b.rest {
			p, ok := prices.Prices[name]
			if !ok {
				return fmt.Errorf("no price for %s, in %s", name, b.name)
			}
			if _, seen := highest[name]; !seen {
				items = append(items, name)
			}
			highest[name] = max(highest[name], quantity*p.USD)
		}
	}
	slices.SortFunc(items, func(a, b string) int {
		switch {
		case highest[a] > highest[b]:
			return -1
		case highest[a] < highest[b]:
			return 1
		}
		return strings.Compare(a, b)
	})
	for _, name := range items {
		p := prices.Prices[name]
		fmt.Fprintf(out, "| %s |%s\n", p.What, columns(all, func(b bill) string {
			if b.rest[name] == 0 {
				return ""
			}
			return fmt.Sprintf("%.2f", b.rest[name]*p.USD)
		}))
	}
	fmt.Fprintf(out, "| **total** |%s\n", columns(all, func(b bill) string {
		return fmt.Sprintf("**%.0f**", total(prices, b.rest))
	}))
	return nil
}

func messageTable(out *strings.Builder, prices list, b bill) error {
	out.WriteString("\n| a million messages | quantity | USD |\n| --- | ---: | ---: |\n")
	for _, name := range sorted(b.million) {
		p, ok := prices.Prices[name]
		if !ok {
			return fmt.Errorf("no price for %s", name)
		}
		fmt.Fprintf(out, "| %s | %s %s | %.2f |\n", p.What, plain(b.million[name]), p.Unit, b.million[name]*p.USD)
	}
	fmt.Fprintf(out, "| **total** | | **%.2f** |\n", total(prices, b.million))
	return nil
}

// summary is the README's sentence: the first two examples, which are the defaults and a production stack.
func summary(prices list, all []bill) string {
	return fmt.Sprintf("**It costs %.0f USD a month at rest** with the defaults in %s, "+
		"and %.0f as the production example; a million messages\n"+
		"cost %.0f in addition. List prices, item by item: [docs/cost.md](docs/cost.md).\n",
		total(prices, all[0].rest), prices.Region, total(prices, all[1].rest), total(prices, all[0].million))
}

func total(prices list, quantities map[string]float64) (usd float64) {
	for _, name := range sorted(quantities) { // in one order: sums of floats depend on it
		usd += quantities[name] * prices.Prices[name].USD
	}
	return usd
}

func columns(all []bill, text func(bill) string) string {
	var out strings.Builder
	for _, b := range all {
		fmt.Fprintf(&out, " %s |", text(b))
	}
	return out.String()
}

func sorted[T any](m map[string]T) []string {
	var keys []string
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// plain writes a number without an exponent and without zeros at its end.
func plain(n float64) string {
	return strings.TrimRight(strings.TrimRight(fmt.Sprintf("%.10f", n), "0"), ".")
}

// byWhat are the prices' names in the order of what they are for.
func byWhat(prices map[string]price) []string {
	names := sorted(prices)
	slices.SortStableFunc(names, func(a, b string) int {
		return strings.Compare(strings.ToLower(prices[a].What), strings.ToLower(prices[b].What))
	})
	return names
}
