namespace Sommelier.Canonical;

/// <summary>What form the answer must have.</summary>
public enum ResponseFormatKind
{
    /// <summary>Free text.</summary>
    Text,

    /// <summary>Any JSON object.</summary>
    JsonObject,

    /// <summary>JSON that matches a schema.</summary>
    JsonSchema,
}

/// <summary>What form the answer must have.</summary>
/// <param name="Kind">The form.</param>
/// <param name="Name">The schema's name, where the format knows one.</param>
/// <param name="Schema">The JSON Schema, raw, with <see cref="ResponseFormatKind.JsonSchema"/>.</param>
/// <param name="Strict">Whether the vendor must enforce it; null when not said.</param>
/// <param name="Description">What the schema is for, where the format knows it.</param>
public sealed record ResponseFormat(
    ResponseFormatKind Kind, string? Name = null, string? Schema = null, bool? Strict = null, string? Description = null);
