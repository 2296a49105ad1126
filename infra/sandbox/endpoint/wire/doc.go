// Package wire reads requests as AWS's services read them, in each of AWS's protocols, and answers with their errors.
//
// A request becomes a Call: the service and operation, found by what the request was signed for, and its input by the
// members' names in the service model, whatever the protocol calls them.
package wire
