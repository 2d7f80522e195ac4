package contract

import (
	"regexp"
	"strings"
	"time"
)

// The expressions of ajv-formats. Without the flag for any case: in Go that takes `ſ` for `s`.
var (
	email = regexp.MustCompile(`^[A-Za-z0-9!#$%&'*+/=?^_` + "`" + `{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_` + "`" + `{|}~-]+)*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$`)
	uuid  = regexp.MustCompile(`^(?:[uU][rR][nN]:[uU][uU][iI][dD]:)?[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$`)
)

// formatProblem returns a sentence if the text does not have the format; otherwise empty.
func formatProblem(format, text string) string {
	isFit := true
	switch format {
	case "email":
		isFit = email.MatchString(text)
	case "uuid":
		isFit = uuid.MatchString(text)
	case "date-time":
		_, sentence := ReadTime(text)
		return sentence
	case "":
	default:
		panic("contract: the format " + format + " is not validated")
	}
	if isFit {
		return ""
	}
	return `must match format "` + format + `"`
}

var rfc3339 = regexp.MustCompile(`(?i)^(\d{4})-(\d\d)-(\d\d)t(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:z|([+-])(\d\d):(\d\d))$`)

const (
	timeForm   = "must be an RFC 3339 time with a zone, such as 2026-11-27T03:00:00Z"
	timeYears  = "must be a time in the years 2000 to 9999"
	leapSecond = "must not be a leap second; give the second before or after it"
)

// ReadTime parses a time, in UTC with milliseconds, or returns a sentence that describes the error.
func ReadTime(text string) (time.Time, string) {
	parts := rfc3339.FindStringSubmatch(text)
	switch {
	case parts == nil:
		return time.Time{}, timeForm
	case parts[1] < "2000":
		return time.Time{}, timeYears
	case parts[6] == "60":
		return time.Time{}, leapSecond
	case parts[9] > "23" || parts[10] > "59":
		return time.Time{}, timeForm
	}
	// It accepts any number of digits of a second, and rejects days and hours that do not exist.
	read, err := time.Parse(time.RFC3339Nano, strings.ToUpper(text))
	if err != nil {
		return time.Time{}, timeForm
	}
	read = read.UTC().Truncate(time.Millisecond)
	if read.Year() < 2000 || read.Year() > 9999 {
		return time.Time{}, timeYears
	}
	return read, ""
}

// Time is a time in responses: in UTC with milliseconds.
type Time time.Time

// MarshalJSON writes it as RFC 3339.
func (t Time) MarshalJSON() ([]byte, error) {
	return []byte(`"` + time.Time(t).UTC().Format("2006-01-02T15:04:05.000Z") + `"`), nil
}
