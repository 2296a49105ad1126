package tcprelay

// Fault is what happens to the next request.
type Fault int

// The faults.
const (
	None        Fault = iota
	CutRequest        // the connection is cut before the server gets the request: nothing was run
	CutResponse       // it is cut when the server has answered: it was run, and the client cannot know
	Swallow           // the request is dropped: the client waits

	cutAnswer // what CutResponse leaves once the request is through
)

// Next sets what happens to the next request.
func (r *Relay) Next(f Fault) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.fault = f
}

// decide applies the fault that is set, and asks the relay's function otherwise.
func (r *Relay) decide(direction Direction) Action {
	switch r.take(direction) {
	case CutRequest, cutAnswer:
		return Cut
	case Swallow:
		return Drop
	}
	if r.each == nil {
		return Pass
	}
	return r.each(direction)
}

// take returns the fault that is for a piece in the direction, and clears it.
func (r *Relay) take(direction Direction) Fault {
	r.mu.Lock()
	defer r.mu.Unlock()
	if (direction == ToClient) != (r.fault == cutAnswer) {
		return None
	}
	f := r.fault
	r.fault = None
	if f == CutResponse {
		r.fault = cutAnswer
		return None
	}
	return f
}
