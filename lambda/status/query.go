package main

import (
	"encoding/json"
	"errors"
	"fmt"

	"scheduled-messages/lambda/contract"
)

// query asks for the database's health or, with an ID, for a message's row, or for the rows that are overdue.
type query struct {
	ID      string
	Overdue bool
}

// maxQuery is in bytes: more than a query has, with the longest id and each of its characters escaped.
const maxQuery = 512

var errQuery = errors.New(`must be {}, {"id":"..."} or {"overdue":true}`)

// decodeQuery reads {}, {"id":"..."} and {"overdue":true}. Its error reports what is wrong with anything else,
// and what it must be.
func decodeQuery(event []byte) (query, error) {
	if len(event) > maxQuery {
		return query{}, fmt.Errorf("the question has %d bytes: %w", len(event), errQuery)
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal(event, &fields) != nil || fields == nil {
		return query{}, fmt.Errorf("the question is not a JSON object: %w", errQuery)
	}
	if len(fields) == 0 {
		return query{}, nil
	}
	if text, asked := fields["overdue"]; asked && len(fields) == 1 {
		if string(text) != "true" {
			return query{}, fmt.Errorf("overdue is not true: %w", errQuery)
		}
		return query{Overdue: true}, nil
	}
	text, asked := fields["id"]
	if !asked || len(fields) > 1 {
		return query{}, fmt.Errorf("the question has other fields than id or overdue: %w", errQuery)
	}
	var id *string
	if json.Unmarshal(text, &id) != nil || id == nil {
		return query{}, fmt.Errorf("id is not a string: %w", errQuery)
	}
	return query{ID: *id}, contract.CheckID(*id)
}
