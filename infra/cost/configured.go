package main

import (
	"context"
	"fmt"
	"io"

	"scheduled-messages/infra/internal/module"
	"scheduled-messages/infra/internal/stackconfig"
)

// configured prints the month of a stack's configuration.
func configured(ctx context.Context, out io.Writer, source *stackconfig.Source, size databaseSize) error {
	root, err := module.Find()
	if err != nil {
		return err
	}
	settings, err := source.Read(ctx, root)
	if err != nil {
		return err
	}
	title := source.Title()
	prices, usage, err := load()
	if err != nil {
		return err
	}
	behind, err := size.figure(settings)
	if err != nil {
		return fmt.Errorf("%s: %w", title, err)
	}
	if behind != nil {
		for _, owner := range ofDatabase {
			delete(usage, owner)
		}
		usage[behind.name] = behind.figure
	}
	b, err := billOf(root, example{name: title, changes: settings.In(prices.Region)}, usage)
	if err != nil {
		return fmt.Errorf("%s: %w", title, err)
	}
	tables, err := page(used(prices, b), usage, []bill{b})
	if err != nil {
		return err
	}
	rest, million := total(prices, b.rest), total(prices, b.million)
	least := ""
	if behind != nil && !behind.known {
		least = "at least "
	}
	fmt.Fprintf(out, "%s: %s%.0f USD a month at rest, and %.2f USD for a million messages.\n", title, least, rest, million)
	fmt.Fprintf(out, "List prices of %s, read %s; without free tiers, taxes, discounts and traffic to the internet.\n",
		prices.Region, prices.Read)
	if settings.Region != "" && settings.Region != prices.Region {
		fmt.Fprintln(out, "The stack is in "+settings.Region+", whose prices differ.")
	}
	for _, note := range append(leftOut(settings), behind.note(prices)...) {
		fmt.Fprintln(out, note)
	}
	fmt.Fprintf(out, "\n%s", tables)
	return nil
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
