using System.IO.Pipelines;
using Sommelier.Canonical;

namespace Sommelier.Gateway;

/// <summary>What the edge lends the pipeline for one request: the caller's bytes in, the reply's bytes out.</summary>
internal interface IExchange
{
    /// <summary>What the request's headers ask of Sommelier.</summary>
    /// <exception cref="GatewayException">A header is unknown or its value wrong: names it and the remedy.</exception>
    CallerHints ReadHints();

    /// <summary>Reads the body whole; a later call gives the same memory, which is the edge's and lives until the exchange ends.</summary>
    /// <exception cref="GatewayException">It is larger than <paramref name="maxBytes"/>, cut, late, or of a type that we do not read.</exception>
    ValueTask<ReadOnlyMemory<byte>> ReadBodyAsync(long maxBytes, CancellationToken cancellationToken);

    /// <summary>Sets status and headers. Once, before the first byte goes to <see cref="Output"/>.</summary>
    void Start(ReplyHead head);

    /// <summary>Takes the reply's body.</summary>
    PipeWriter Output { get; }

    /// <summary>Cuts the connection so that the caller cannot mistake a broken reply for a whole one.</summary>
    void Abort();
}
