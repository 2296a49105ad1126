// Package model reads the service models that botocore carries and validates the input of an operation against them:
// required and unknown members, types, enums, patterns, lengths, ranges and sizes, as AWS does before it acts.
//
// The models are AWS's own: https://github.com/boto/botocore/tree/develop/botocore/data. Where a pattern of theirs is
// written for another regular-expression engine, or is wrong for a request that AWS accepts, a table in this package
// says so.
package model
