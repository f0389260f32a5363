using System.Buffers;
using Sommelier.Canonical;
using Sommelier.Wire.Guards;

namespace Sommelier.Wire;

/// <summary>
/// A format that only providers speak: requests are written and answers read, never the other way round. The members that a
/// caller of the format would need throw <see cref="NotSupportedException"/>; nobody meets them, since the edge has no path
/// for such a format and answers are passed through only between two sides that speak the same one.
/// </summary>
internal abstract class UpstreamOnlyFormat : IWireFormat, IRequestWire, IResponseWire, IStreamWire, IErrorWire
{
    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public virtual Operation Operation => Operation.Chat;

    /// <inheritdoc/>
    public virtual bool TextDocuments => true;

    /// <inheritdoc/>
    public bool Inbound => false;

    /// <inheritdoc/>
    public IRequestWire Requests => field ??= new GuardedRequests(this);

    /// <inheritdoc/>
    public IResponseWire Responses => field ??= new GuardedResponses(this);

    /// <inheritdoc/>
    public IStreamWire Streams => field ??= new GuardedStreams(this);

    /// <inheritdoc/>
    public IErrorWire Errors => field ??= new GuardedErrors(this);

    /// <inheritdoc/>
    public virtual string ContentType => "text/event-stream";

    /// <inheritdoc/>
    public abstract void Write(ChatRequest request, WireTarget target, IBufferWriter<byte> output, ICollection<Warning> warnings);

    /// <inheritdoc/>
    public abstract ChatResponse Read(ReadOnlySpan<byte> body, WireQuirks quirks);

    /// <inheritdoc/>
    public abstract StreamDecoder CreateDecoder(WireQuirks quirks);

    /// <inheritdoc/>
    public abstract UpstreamFailure Read(int status, Func<string, string?> headers, ReadOnlySpan<byte> body, DateTimeOffset now);

    /// <inheritdoc/>
    bool IRequestWire.CanForward(RequestOutline outline, WireTarget target) => false;

    /// <inheritdoc/>
    RequestOutline IRequestWire.Outline(ReadOnlySpan<byte> body, CallPath path) => throw NoCaller();

    /// <inheritdoc/>
    ChatRequest IRequestWire.Read(ReadOnlyMemory<byte> body, CallPath path) => throw NoCaller();

    /// <inheritdoc/>
    void IRequestWire.Forward(ReadOnlyMemory<byte> body, RequestOutline outline, WireTarget target, IBufferWriter<byte> output, ICollection<Warning> warnings) =>
        throw NoCaller();

    /// <inheritdoc/>
    AnswerFacts IResponseWire.Scan(ReadOnlySpan<byte> body, WireQuirks quirks) => throw NoCaller();

    /// <inheritdoc/>
    void IResponseWire.Write(ChatResponse response, ReplyContext context, IBufferWriter<byte> output, ICollection<Warning> warnings) => throw NoCaller();

    /// <inheritdoc/>
    StreamEncoder IStreamWire.CreateEncoder(ReplyContext context) => throw NoCaller();

    /// <inheritdoc/>
    StreamRelay IStreamWire.CreateRelay(WireQuirks quirks, ReplyContext context) => throw NoCaller();

    /// <inheritdoc/>
    int IErrorWire.Status(GatewayError error) => throw NoCaller();

    /// <inheritdoc/>
    void IErrorWire.Write(GatewayError error, string? requestId, IBufferWriter<byte> output) => throw NoCaller();

    private NotSupportedException NoCaller() => new($"'{Name}' is a wire format of providers only: no caller speaks it.");
}
