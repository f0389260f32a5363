using System.Text.Json;
using System.Text.RegularExpressions;

namespace Sommelier.JsonSchemas;

/// <summary><c>pattern</c>.</summary>
internal sealed class PatternRule(Regex pattern) : ISchemaRule
{
    /// <inheritdoc/>
    public bool Holds(JsonElement value, SchemaWalk walk) =>
        value.ValueKind != JsonValueKind.String || pattern.IsMatch(value.GetString()!) || walk.Fail("must match the schema's pattern");
}
