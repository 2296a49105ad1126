package dataplane

import (
	"encoding/json"
	"io"
	"net/http"

	"scheduled-messages/infra/sandbox/cloud"
)

// maxEvent is the size of an event that Lambda takes, in bytes: 6 MB, and 1 MB when it queues it.
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const (
	maxEvent       = 6 << 20
	maxQueuedEvent = 1 << 20
)

// invoke is Lambda's Invoke API: the answer, or 202 once the event is queued.
// https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
func (p *plane) invoke(w http.ResponseWriter, r *http.Request) {
	name := cloud.FunctionName(r.PathValue("name"))
	queued := r.Header.Get("X-Amz-Invocation-Type") == "Event"
	limit := int64(maxEvent)
	if queued {
		limit = maxQueuedEvent
	}
	payload, err := io.ReadAll(io.LimitReader(r.Body, limit+1))
	switch {
	case err != nil:
		return // the caller went away
	case int64(len(payload)) > limit:
		refuse(w, http.StatusRequestEntityTooLarge, "RequestTooLargeException", "the event is too large")
		return
	case len(payload) == 0:
		payload = []byte("{}")
	case !json.Valid(payload):
		refuse(w, http.StatusBadRequest, "InvalidRequestContentException", "the event is not JSON")
		return
	}
	p.deployed.forget(name) // whoever has just changed a function means the new one
	if _, err := p.deployed.get(r.Context(), name); cloud.NotFound(err) {
		p.functions.drop(name)
		refuse(w, http.StatusNotFound, "ResourceNotFoundException", "there is no function "+name)
		return
	} else if err != nil {
		unavailable(w, p, err)
		return
	}
	id := newID()
	w.Header().Set("X-Amzn-Requestid", id)
	if queued {
		if err := p.accept(id, name, payload); err != nil {
			unavailable(w, p, err)
			return
		}
		w.WriteHeader(http.StatusAccepted)
		return
	}
	p.throttled.forget(name)
	if throttled, err := p.throttled.get(r.Context(), name); err != nil {
		unavailable(w, p, err)
		return
	} else if throttled {
		refuse(w, http.StatusTooManyRequests, "TooManyRequestsException", "the function's reserved concurrency is 0")
		return
	}
	answer, err := p.functions.invoke(r.Context(), id, name, payload)
	if err != nil {
		unavailable(w, p, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Amz-Executed-Version", "$LATEST")
	if answer.Error != nil {
		w.Header().Set("X-Amz-Function-Error", "Unhandled")
		if answer.Payload, err = json.Marshal(answer.Error); err != nil {
			unavailable(w, p, err)
			return
		}
	}
	_, _ = w.Write(answer.Payload)
}

func unavailable(w http.ResponseWriter, p *plane, err error) {
	p.log.Print(err)
	refuse(w, http.StatusInternalServerError, "ServiceException", err.Error())
}

func refuse(w http.ResponseWriter, status int, kind, words string) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Amzn-Errortype", kind)
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"Message": words})
}
