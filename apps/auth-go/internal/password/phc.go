package password

import (
	"encoding/base64"
	"errors"
	"strings"
)

var errForm = errors.New("a stored password hash has no salt and tag")

// decode returns salt and tag.
//
// See https://github.com/P-H-C/phc-string-format/blob/master/phc-sf-spec.md
func decode(text string) (salt, tag []byte, err error) {
	first, second, isPair := strings.Cut(text, "$")
	if !isPair {
		return nil, nil, errForm
	}
	if salt, err = base64.RawStdEncoding.DecodeString(first); err != nil {
		return nil, nil, errForm
	}
	if tag, err = base64.RawStdEncoding.DecodeString(second); err != nil || len(tag) == 0 {
		return nil, nil, errForm
	}
	return salt, tag, nil
}
