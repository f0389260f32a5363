namespace Sommelier.Upstream;

/// <summary>A reply whose headers have come.</summary>
internal sealed class UpstreamReply(HttpResponseMessage response) : IDisposable
{
    private const int ReadSize = 16 * 1024;

    /// <summary>The HTTP status.</summary>
    public int Status => (int)response.StatusCode;

    /// <summary>The body. Reading it waits for the network.</summary>
    public Stream Body { get; } = response.Content.ReadAsStream();

    /// <summary>A reply header, or null.</summary>
    public string? Header(string name)
    {
        if (response.Headers.NonValidated.TryGetValues(name, out var values)
            || response.Content.Headers.NonValidated.TryGetValues(name, out values))
        {
            return values.ToString();
        }

        return null;
    }

    /// <summary>Waits until there is something to read, holding no buffer for a model that thinks before it speaks.</summary>
    /// <returns>Nothing of interest: the read's own task, since a stream waits here once a chunk and a state of ours would be one more object each time.</returns>
    public ValueTask<int> WaitAsync(CancellationToken cancellationToken) => Body.ReadAsync(Memory<byte>.Empty, cancellationToken);

    /// <summary>Reads what is left of the body into a buffer.</summary>
    /// <param name="into">Takes the bytes.</param>
    /// <param name="limit">The most bytes that the buffer may hold.</param>
    /// <param name="watch">Its limit is set anew for each read.</param>
    /// <param name="stall">The longest silence.</param>
    /// <returns>False when there is more than <paramref name="limit"/>.</returns>
    public async ValueTask<bool> ReadToEndAsync(PooledBuffer into, int limit, Watchdog watch, TimeSpan stall)
    {
        while (true)
        {
            watch.Expect(stall);
            var read = await Body.ReadAsync(into.GetMemory(ReadSize), watch.Token);
            if (read == 0)
            {
                return true;
            }

            into.Advance(read);
            if (into.Length > limit)
            {
                return false;
            }
        }
    }

    /// <summary>Reads an error's body as far as it comes: half an error says more than none.</summary>
    public async ValueTask ReadErrorAsync(PooledBuffer into, Watchdog watch, TimeSpan stall)
    {
        const int MaxErrorBytes = 256 * 1024;
        try
        {
            await ReadToEndAsync(into, MaxErrorBytes, watch, stall);
        }
        catch (Exception error) when (error is IOException or HttpRequestException)
        {
            // The status alone must do.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => response.Dispose();
}
