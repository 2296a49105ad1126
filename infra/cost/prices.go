package main

import (
	"embed"
	"encoding/json"
	"fmt"
)

// hoursPerMonth is what AWS reckons with: 365 days of 24 hours in 12 months.
const hoursPerMonth = 730

//go:embed prices.json usage.json
var files embed.FS

// price is what AWS asks for a unit, and where that was read.
type price struct {
	What   string  `json:"what"`
	Unit   string  `json:"unit"`
	USD    float64 `json:"usd"`
	Source string  `json:"source"`
	// Basis is AWS for a page or program of AWS's own, secondary for somebody who quotes AWS, and unread where AWS's
	// page is named but its number could not be read: AWS's price pages fill their tables in by script.
	Basis string `json:"basis"`
}

// list is the price list.
type list struct {
	Region string           `json:"region"`
	Read   string           `json:"read"` // the day
	Prices map[string]price `json:"prices"`
}

// figure is how much of something a message takes, and how that is known.
type figure struct {
	Value float64 `json:"value"`
	How   string  `json:"how"`
}

func load() (list, map[string]figure, error) {
	var prices list
	usage := map[string]figure{}
	for name, into := range map[string]any{"prices.json": &prices, "usage.json": &usage} {
		text, err := files.ReadFile(name)
		if err != nil {
			return prices, nil, err
		}
		if err := json.Unmarshal(text, into); err != nil {
			return prices, nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return prices, usage, nil
}
