using System.IO.Pipelines;
using Sommelier.Canonical;

namespace Sommelier.Gateway;

/// <summary>A request of this very process: bytes in, bytes out, no HTTP.</summary>
/// <param name="body">The request.</param>
/// <param name="hints">What is asked of Sommelier beside the body.</param>
internal sealed class InProcessExchange(ReadOnlyMemory<byte> body, CallerHints hints) : IExchange
{
    private readonly Pipe pipe = new();

    /// <summary>The reply's head, once it has started.</summary>
    public ReplyHead? Head { get; private set; }

    /// <summary>The reply's bytes as they come.</summary>
    public PipeReader Reply => pipe.Reader;

    /// <inheritdoc/>
    public PipeWriter Output => pipe.Writer;

    /// <inheritdoc/>
    public CallerHints ReadHints() => hints;

    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<byte>> ReadBodyAsync(long maxBytes, CancellationToken cancellationToken) => new(body);

    /// <inheritdoc/>
    public void Start(ReplyHead head) => Head = head;

    /// <summary>Whether the reply broke off: its reader must not take its end for that of a whole one.</summary>
    public bool Broken { get; private set; }

    /// <inheritdoc/>
    /// <remarks>The pipe is not completed with the failure: its reader would lose what it has not read yet, and with it the dialect's error event.</remarks>
    public void Abort() => Broken = true;
}
