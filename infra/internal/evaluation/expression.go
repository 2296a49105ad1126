package evaluation

import (
	"errors"
	"fmt"
	"go/ast"
	"go/token"
	"math"
	"strconv"
)

// none is the value of a point that is missing.
var none = math.NaN()

// vector is one value for each point of a range, or the same one for all of them.
type vector struct {
	points []float64
	scalar bool
}

// expression evaluates metric math. Its syntax, as far as alarms need it, is also Go's.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
type expression struct {
	series map[string][]float64
	times  []int // of the points: their beginnings, in seconds since 1970
	// fillsEmpty: FILL makes points of a series that has none in the range. AWS's page does not say.
	fillsEmpty bool
}

// value is the expression's time series.
func (e *expression) value(parsed ast.Expr) ([]float64, error) {
	v, err := e.walk(parsed)
	if err == nil && v.scalar {
		err = errors.New("it is a scalar, and CloudWatch wants a time series")
	}
	return v.points, err
}

func (e *expression) walk(node ast.Expr) (vector, error) {
	switch n := node.(type) {
	case *ast.ParenExpr:
		return e.walk(n.X)
	case *ast.BasicLit:
		number, err := strconv.ParseFloat(n.Value, 64)
		return e.constant(number), err
	case *ast.Ident:
		points, known := e.series[n.Name]
		if !known {
			return vector{}, fmt.Errorf("no series %s", n.Name)
		}
		return vector{points: points}, nil
	case *ast.BinaryExpr:
		a, err := e.walk(n.X)
		if err != nil {
			return vector{}, err
		}
		b, err := e.walk(n.Y)
		if err != nil {
			return vector{}, err
		}
		return combine(n.Op, a, b)
	case *ast.CallExpr:
		return e.call(n)
	}
	return vector{}, fmt.Errorf("%T is not modelled", node)
}

func (e *expression) constant(value float64) vector {
	v := vector{make([]float64, len(e.times)), true}
	for i := range v.points {
		v.points[i] = value
	}
	return v
}

// combine applies an operator point by point. Where one of two time series has no point it counts as 0; where neither
// has one, or a division by zero would be, there is none.
func combine(op token.Token, a, b vector) (vector, error) {
	result := vector{make([]float64, len(a.points)), a.scalar && b.scalar}
	for i := range result.points {
		x, y := a.points[i], b.points[i]
		if both := !a.scalar && !b.scalar; both && !(math.IsNaN(x) && math.IsNaN(y)) {
			x, y = orZero(x), orZero(y)
		}
		if math.IsNaN(x) || math.IsNaN(y) || op == token.QUO && y == 0 {
			result.points[i] = none
			continue
		}
		value, known := operate(op, x, y)
		if !known {
			return result, fmt.Errorf("the operator %s is not modelled", op)
		}
		result.points[i] = value
	}
	return result, nil
}

func orZero(x float64) float64 {
	if math.IsNaN(x) {
		return 0
	}
	return x
}

func operate(op token.Token, x, y float64) (value float64, known bool) {
	truth := func(b bool) (float64, bool) {
		if b {
			return 1, true
		}
		return 0, true
	}
	switch op {
	case token.ADD:
		return x + y, true
	case token.SUB:
		return x - y, true
	case token.MUL:
		return x * y, true
	case token.QUO:
		return x / y, true
	case token.LSS:
		return truth(x < y)
	case token.GTR:
		return truth(x > y)
	case token.LEQ:
		return truth(x <= y)
	case token.GEQ:
		return truth(x >= y)
	case token.EQL:
		return truth(x == y)
	case token.NEQ:
		return truth(x != y)
	case token.LAND:
		return truth(x != 0 && y != 0)
	case token.LOR:
		return truth(x != 0 || y != 0)
	}
	return 0, false
}
