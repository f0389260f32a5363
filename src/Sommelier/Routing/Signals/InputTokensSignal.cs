namespace Sommelier.Routing.Signals;

/// <summary>Input tokens, from bytes: no tokenizer fits every vendor, and a limit near the estimate is met by a margin.</summary>
internal sealed class InputTokensSignal : ISignal
{
    // What chat templates add around a message: OpenAI's cookbook counts 3 or 4.
    private const int TokensPerMessage = 4;

    public string Name => "input_tokens";

    public void Read(in SignalInput input, RequestSignals to)
    {
        var outline = input.Outline;
        var text = TokenMath.TextTokens(outline.TextBytes, outline.NonAsciiBytes, to.Script, TokenMath.IsDense(to.Intent));
        to.InputTokens = TokenMath.ToInt32(text + outline.TokenIds + to.MediaTokens + ((double)outline.MessageCount * TokensPerMessage));
    }
}
