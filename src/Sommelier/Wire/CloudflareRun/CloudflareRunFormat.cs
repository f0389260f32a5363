using System.Buffers;
using Sommelier.Canonical;

namespace Sommelier.Wire.CloudflareRun;

/// <summary>
/// Workers AI's own endpoint, <c>ai/run/{model}</c>: OpenAI's messages going in, an envelope of <c>result</c>, <c>success</c> and
/// <c>errors</c> coming out.
/// </summary>
/// <remarks>
/// Sources: the model schemas and the table of errors in Cloudflare's documentation of Workers AI. Models of the first
/// generation answer <c>{"response","tool_calls","usage"}</c>, later ones an OpenAI completion; both are read.
/// </remarks>
internal sealed class CloudflareRunFormat : UpstreamOnlyFormat
{
    /// <summary>The name used in configuration and records.</summary>
    public const string FormatName = "cloudflare-run";

    private CloudflareRunFormat()
    {
    }

    /// <summary>The one instance.</summary>
    public static CloudflareRunFormat Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => FormatName;

    /// <inheritdoc/>
    public override bool TextDocuments => false;

    /// <inheritdoc/>
    public override void Write(ChatRequest request, WireTarget target, IBufferWriter<byte> output, ICollection<Warning> warnings) =>
        CloudflareRequestWriter.Write(request, target, output, warnings);

    /// <inheritdoc/>
    public override ChatResponse Read(ReadOnlySpan<byte> body, WireQuirks quirks) => CloudflareResponseReader.Read(body, quirks);

    /// <inheritdoc/>
    public override StreamDecoder CreateDecoder(WireQuirks quirks) => new CloudflareDecoder(quirks);

    /// <inheritdoc/>
    public override UpstreamFailure Read(int status, Func<string, string?> headers, ReadOnlySpan<byte> body, DateTimeOffset now) =>
        CloudflareFailures.Read(status, headers, body, now);
}
