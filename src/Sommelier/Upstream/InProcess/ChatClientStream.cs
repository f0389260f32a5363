using System.IO.Pipelines;
using Microsoft.Extensions.AI;
using Sommelier.Canonical;
using Sommelier.Wire;

namespace Sommelier.Upstream.InProcess;

/// <summary>Writes a chat client's updates as a stream, each as it comes.</summary>
internal static class ChatClientStream
{
    /// <summary>Writes until the updates end, the client fails, or nobody reads any more.</summary>
    /// <param name="updates">The updates; disposed here.</param>
    /// <param name="any">Whether they stand at a first one already.</param>
    /// <param name="encoder">Writes the stream.</param>
    /// <param name="output">Takes it; completed here.</param>
    /// <param name="cancellationToken">Cancelled when the reply is given up.</param>
    public static async Task WriteAsync(IAsyncEnumerator<ChatResponseUpdate> updates, bool any, StreamEncoder encoder, PipeWriter output, CancellationToken cancellationToken)
    {
        Exception? broken = null;
        var steps = new List<ChatDelta>();
        var reading = new ChatClientUpdates(steps);
        try
        {
            for (var more = any; more; more = await updates.MoveNextAsync())
            {
                reading.Add(updates.Current);
                if (!Write(steps, encoder, output) || (await output.FlushAsync(cancellationToken)).IsCompleted)
                {
                    return;
                }
            }

            reading.End();
            Write(steps, encoder, output);
        }
        catch (Exception error) when (cancellationToken.IsCancellationRequested)
        {
            broken = error;
        }
        catch (Exception error) when (ChatClientFailure.Of(error) is { } failure)
        {
            encoder.WriteError(failure, output);
        }
        catch (Exception error)
        {
            // The transport of the client's own vendor broke: so does this one.
            broken = error as IOException ?? new IOException(error.Message, error);
        }
        finally
        {
            await updates.DisposeAsync();
            await output.CompleteAsync(broken);
        }
    }

    // False once the client has told of a failure: the stream ends there, without its end mark.
    private static bool Write(List<ChatDelta> steps, StreamEncoder encoder, PipeWriter output)
    {
        foreach (var step in steps)
        {
            if (step is FailureDelta failed)
            {
                encoder.WriteError(ChatClientFailure.Of(failed.Failure), output);
                return false;
            }

            encoder.Write(step, output);
        }

        steps.Clear();
        return true;
    }
}
