namespace Sommelier.Catalog;

/// <summary>What a deployment can do. A flag that is absent means "not known to": routing treats it as "cannot".</summary>
[Flags]
public enum Capabilities
{
    /// <summary>Plain text in, plain text out.</summary>
    None = 0,

    /// <summary>Accepts tool definitions and calls them.</summary>
    Tools = 1 << 0,

    /// <summary>May call several tools in one turn.</summary>
    ParallelTools = 1 << 1,

    /// <summary>Reads images.</summary>
    Vision = 1 << 2,

    /// <summary>Reads audio.</summary>
    Audio = 1 << 3,

    /// <summary>Reads video.</summary>
    Video = 1 << 4,

    /// <summary>Reads PDF files.</summary>
    Pdf = 1 << 5,

    /// <summary>Output can be held to a JSON schema by the provider.</summary>
    JsonSchema = 1 << 6,

    /// <summary>Output can be held to well-formed JSON by the provider.</summary>
    JsonObject = 1 << 7,

    /// <summary>Can reason before it answers. How it is asked to: <see cref="ReasoningOptions"/>.</summary>
    Reasoning = 1 << 8,

    /// <summary>Accepts a temperature other than the default.</summary>
    Temperature = 1 << 9,

    /// <summary>Continues an assistant turn that the caller began.</summary>
    Prefill = 1 << 10,

    /// <summary>Bills repeated prefixes at a cache price.</summary>
    PromptCaching = 1 << 11,

    /// <summary>Can send its answer as it is written.</summary>
    Streaming = 1 << 12,
}
