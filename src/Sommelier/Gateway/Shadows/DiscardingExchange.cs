using System.IO.Pipelines;
using Sommelier.Canonical;

namespace Sommelier.Gateway.Shadows;

/// <summary>An exchange with nobody: the reply is thrown away.</summary>
internal sealed class DiscardingExchange : IExchange
{
    /// <inheritdoc/>
    public PipeWriter Output { get; } = PipeWriter.Create(Stream.Null);

    /// <inheritdoc/>
    public CallerHints ReadHints() => CallerHints.None;

    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<byte>> ReadBodyAsync(long maxBytes, CancellationToken cancellationToken) => default;

    /// <inheritdoc/>
    public void Start(ReplyHead head)
    {
    }

    /// <inheritdoc/>
    public void Abort()
    {
    }
}
