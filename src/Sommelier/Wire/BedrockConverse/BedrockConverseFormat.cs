using Sommelier.Wire.Guards;

namespace Sommelier.Wire.BedrockConverse;

/// <summary>
/// Amazon Bedrock's Converse and ConverseStream. The model and whether a stream is wanted stand in the path
/// (<see cref="Canonical.CallPath"/>); a stream is binary frames with checksums.
/// </summary>
/// <remarks>Source of the field names: the official SDK (@aws-sdk/client-bedrock-runtime 3.1164.0).</remarks>
public sealed class BedrockConverseFormat : IWireFormat
{
    /// <summary>The name used in configuration and records.</summary>
    public const string FormatName = "bedrock-converse";

    private BedrockConverseFormat()
    {
    }

    /// <summary>The one instance.</summary>
    public static BedrockConverseFormat Instance { get; } = new();

    /// <inheritdoc/>
    public string Name => FormatName;

    /// <summary>The models that seal their thinking here are Anthropic's.</summary>
    public string? SealVendor => Seals.Anthropic;

    /// <inheritdoc/>
    public string? RequestIdHeader => "x-amzn-RequestId";

    /// <inheritdoc/>
    public ToolNameRule? ToolNames { get; } = new(64);

    /// <inheritdoc/>
    public IRequestWire Requests { get; } = new GuardedRequests(new ConverseRequests());

    /// <inheritdoc/>
    public IResponseWire Responses { get; } = new GuardedResponses(new ConverseResponses());

    /// <inheritdoc/>
    public IStreamWire Streams { get; } = new GuardedStreams(new ConverseStreams());

    /// <inheritdoc/>
    public IErrorWire Errors { get; } = new GuardedErrors(new ConverseErrors());
}
