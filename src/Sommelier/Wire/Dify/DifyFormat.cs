using System.Buffers;
using Sommelier.Canonical;

namespace Sommelier.Wire.Dify;

/// <summary>
/// A Dify app as an upstream. The "model" says what kind of app the key opens: <c>chat</c> (chatbots, agents, chatflows),
/// <c>completion</c> or <c>workflow</c>, see <see cref="DifyApp"/>.
/// </summary>
/// <remarks>Source: Dify's service API reference (docs.dify.ai/api-reference).</remarks>
internal sealed class DifyFormat : UpstreamOnlyFormat
{
    /// <summary>The name used in configuration and records.</summary>
    public const string FormatName = "dify";

    private DifyFormat()
    {
    }

    /// <summary>The one instance.</summary>
    public static DifyFormat Instance { get; } = new();

    /// <inheritdoc/>
    public override string Name => FormatName;

    /// <inheritdoc/>
    public override void Write(ChatRequest request, WireTarget target, IBufferWriter<byte> output, ICollection<Warning> warnings) =>
        DifyRequestWriter.Write(request, target, output, warnings);

    /// <inheritdoc/>
    public override ChatResponse Read(ReadOnlySpan<byte> body, WireQuirks quirks) => DifyResponseReader.Read(body);

    /// <inheritdoc/>
    public override StreamDecoder CreateDecoder(WireQuirks quirks) => new DifyDecoder();

    /// <inheritdoc/>
    public override UpstreamFailure Read(int status, Func<string, string?> headers, ReadOnlySpan<byte> body, DateTimeOffset now) =>
        DifyFailures.Read(status, headers, body, now);
}
