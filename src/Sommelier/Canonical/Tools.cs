namespace Sommelier.Canonical;

/// <summary>A tool on offer.</summary>
/// <param name="Name">The tool's name.</param>
/// <param name="Description">What it does, for the model; null when the caller gave none.</param>
/// <param name="ParametersSchema">JSON Schema of the arguments as raw JSON, or null for a tool without any.</param>
/// <param name="Strict">Whether arguments must match the schema; null when not said.</param>
/// <param name="Extra">Unknown fields, for example <c>cache_control</c>.</param>
public sealed record ToolDefinition(
    string Name, string? Description, string? ParametersSchema, bool? Strict = null, Extra? Extra = null)
{
    /// <summary>Where the caller wrote it; <c>tools</c> for what nobody wrote.</summary>
    internal FieldPath Place { get; init; } = "tools";

    /// <summary>A tool that only its own format knows (a server-side tool): its raw JSON; null for a function.</summary>
    public OpaquePart? Opaque { get; init; }

    /// <summary>What <see cref="Opaque"/> asks for, when it is the host's web search, which other hosts have too; null for everything else.</summary>
    public WebSearch? WebSearch { get; init; }

    /// <summary>
    /// The form of its input, for a tool that takes text as it is (OpenAI's custom tools); null for a function. Its
    /// <see cref="ParametersSchema"/> is then that of a function with the text as the one parameter <c>input</c>, for
    /// formats without such tools.
    /// </summary>
    public CustomToolInput? Custom { get; init; }

    /// <summary>
    /// What the caller calls it, where that is not <see cref="ToolDefinition.Name"/>: a tool in a namespace becomes one whose
    /// name says both, for formats without namespaces. Null for every other tool.
    /// </summary>
    public ToolOrigin? Origin { get; init; }
}

/// <summary>What a tool in a namespace was called there, so that calls of it can be told in the caller's words.</summary>
/// <param name="Namespace">The namespace.</param>
/// <param name="Name">The tool's name in it.</param>
public sealed record ToolOrigin(string Namespace, string Name);

/// <summary>The form of a custom tool's input.</summary>
/// <param name="Syntax">The language that <paramref name="Grammar"/> is written in, <c>lark</c> or <c>regex</c>; null for free text.</param>
/// <param name="Grammar">What the input is held to; null for free text.</param>
public sealed record CustomToolInput(string? Syntax = null, string? Grammar = null);

/// <summary>How free the model is to call tools.</summary>
public enum ToolChoiceMode
{
    /// <summary>The model decides.</summary>
    Auto,

    /// <summary>No tool may be called.</summary>
    None,

    /// <summary>Some tool must be called.</summary>
    Required,

    /// <summary>The named tool must be called.</summary>
    Named,
}

/// <summary>How free the model is to call tools, and which.</summary>
/// <param name="Mode">The freedom.</param>
/// <param name="Name">The tool, with <see cref="ToolChoiceMode.Named"/>.</param>
/// <param name="Allowed">A subset of the tools on offer; null for all.</param>
public sealed record ToolChoice(ToolChoiceMode Mode, string? Name = null, IReadOnlyList<string>? Allowed = null);
