package bleveindex

import "parley/index"

// scoredFields are those whose terms have frequencies and whose texts have lengths,
// bareFields those whose terms a passage only has or has not.
var (
	scoredFields = [...]index.Field{index.FieldText, index.FieldTitle}
	bareFields   = [...]index.Field{
		index.FieldActor, index.FieldVoice, index.FieldTopic, index.FieldDate, index.FieldKind, index.FieldStatement,
	}
)

// scoredField is the place of a field among scoredFields, or negative.
func scoredField(f index.Field) int {
	for i, s := range scoredFields {
		if s == f {
			return i
		}
	}
	return -1
}
