package evaluation

import (
	"fmt"
	"go/ast"
	"math"
	"slices"
)

// call evaluates the functions FILL, IF and EPOCH.
func (e *expression) call(call *ast.CallExpr) (vector, error) {
	name, _ := call.Fun.(*ast.Ident)
	if name == nil {
		return vector{}, fmt.Errorf("%T is not a function", call.Fun)
	}
	var args []vector
	for _, arg := range call.Args {
		v, err := e.walk(arg)
		if err != nil {
			return vector{}, err
		}
		args = append(args, v)
	}
	switch {
	case name.Name == "FILL" && len(args) == 2 && !args[0].scalar && args[1].scalar:
		return e.fill(args[0], args[1]), nil
	case name.Name == "IF" && len(args) == 2 && !args[0].scalar:
		return choose(args[0], args[1], e.constant(none)), nil
	case name.Name == "IF" && len(args) == 3 && !args[0].scalar:
		return choose(args[0], args[1], args[2]), nil
	case name.Name == "EPOCH" && len(args) == 1 && !args[0].scalar:
		times := vector{points: make([]float64, len(e.times))} // "a new non-sparse time series"
		for i, at := range e.times {
			times.points[i] = float64(at)
		}
		return times, nil
	}
	return vector{}, fmt.Errorf("%s with these %d arguments is not modelled", name.Name, len(args))
}

func (e *expression) fill(series, value vector) vector {
	filled := vector{points: slices.Clone(series.points)}
	if !e.fillsEmpty && !slices.ContainsFunc(filled.points, func(x float64) bool { return !math.IsNaN(x) }) {
		return filled
	}
	for i, x := range filled.points {
		if math.IsNaN(x) {
			filled.points[i] = value.points[i]
		}
	}
	return filled
}

// choose is IF. Without a point of the condition there is none; a true one without a point of its own is 0.
func choose(condition, yes, no vector) vector {
	result := vector{points: make([]float64, len(condition.points))}
	for i, c := range condition.points {
		switch {
		case math.IsNaN(c):
			result.points[i] = none
		case c != 0:
			result.points[i] = orZero(yes.points[i])
		default:
			result.points[i] = no.points[i]
		}
	}
	return result
}
