using System.Text.Encodings.Web;
using System.Text.Json;

namespace Sommelier.Wire.Json;

/// <summary>How JSON is read and written everywhere: strict, shallow, text as it is.</summary>
internal static class JsonLimits
{
    /// <summary>The deepest nesting that is read; real requests stay below 20.</summary>
    public const int MaxDepth = 64;

    /// <summary>The most top-level fields of a request; real ones have at most about forty.</summary>
    public const int MaxTopLevelFields = 256;

    /// <summary>For one-pass readers.</summary>
    public static JsonReaderOptions Reader { get; } = new() { MaxDepth = MaxDepth };

    /// <summary>For readers that need the whole.</summary>
    public static JsonDocumentOptions Document { get; } = new() { MaxDepth = MaxDepth };

    /// <summary>For writers: text leaves unescaped but for what JSON demands, and the order of calls is ours to get right.</summary>
    public static JsonWriterOptions Writer { get; } =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true, MaxDepth = 1000 };
}
