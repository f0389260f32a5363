using System.Text.Json.Nodes;
using Acornima;
using Jint;
using Jint.Native;
using Jint.Native.Json;
using Jint.Runtime;

namespace Sommelier.Worker;

/// <summary>One script, run in an engine of its own that knows nothing of .NET.</summary>
internal static class ScriptRun
{
    /// <summary>Runs a function's body.</summary>
    /// <param name="request"><c>body</c>, its parameters <c>output</c> and <c>context</c> (JSON as text), and the limits <c>seconds</c> and <c>megabytes</c>.</param>
    /// <returns>
    /// <c>value</c>: what it returned, as JSON as text; absent for <c>undefined</c>. Or <c>threw</c>: a message. Or <c>invalid</c>:
    /// why it cannot be read. Or <c>limit</c>: <c>time</c>, <c>memory</c>, <c>statements</c> or <c>recursion</c>.
    /// </returns>
    public static JsonObject Of(JsonObject request)
    {
        JsonObject? answer = null;

        // A deep stack: what recurses in a script recurses here, and the engine's limit has to come first.
        var thread = new Thread(() => answer = Run(request), 16 * 1024 * 1024);
        thread.Start();
        thread.Join();
        return answer!;
    }

    private static JsonObject Run(JsonObject request)
    {
        var limit = TimeSpan.FromSeconds(request["seconds"]!.GetValue<double>());
        var megabytes = request["megabytes"]!.GetValue<int>();
        try
        {
            using var engine = new Engine(options =>
            {
                options.TimeoutInterval(limit);
                options.LimitMemory(megabytes * 1_000_000L);
                options.MaxStatements(50_000_000);
                options.LimitRecursion(1000);
                options.RegexTimeoutInterval(limit);
                options.MaxArraySize(10_000_000);
            });
            JsValue function;
            try
            {
                function = engine.Construct("Function", new JsString("output"), new JsString("context"), new JsString(request["body"]!.GetValue<string>()));
            }
            catch (Exception unread) when (unread is JavaScriptException or ParseErrorException)
            {
                return new() { ["invalid"] = unread.Message };
            }

            var context = new JsonParser(engine).Parse(request["context"]!.GetValue<string>());
            var value = engine.Invoke(function, request["output"]!.GetValue<string>(), context).UnwrapIfPromise();
            var json = new JsonSerializer(engine).Serialize(value);
            return json.IsUndefined() ? [] : new() { ["value"] = json.AsString() };
        }
        catch (TimeoutException)
        {
            return new() { ["limit"] = "time" };
        }
        catch (Exception spent) when (spent is MemoryLimitExceededException or OutOfMemoryException)
        {
            return new() { ["limit"] = "memory" };
        }
        catch (StatementsCountOverflowException)
        {
            return new() { ["limit"] = "statements" };
        }
        catch (Exception deep) when (deep is RecursionDepthOverflowException or InsufficientExecutionStackException)
        {
            return new() { ["limit"] = "recursion" };
        }
        catch (Exception thrown) when (thrown is JintException or PromiseRejectedException)
        {
            return new() { ["threw"] = thrown.Message };
        }
    }
}
