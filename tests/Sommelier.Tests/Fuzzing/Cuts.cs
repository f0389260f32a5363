namespace Sommelier.Tests.Fuzzing;

/// <summary>Cuts bytes into chunks as a network would, at places that the bytes themselves decide: the same input, the same cuts.</summary>
internal static class Cuts
{
    /// <summary>The chunks; together they are the bytes.</summary>
    public static IEnumerable<byte[]> Of(byte[] bytes)
    {
        var state = (uint)bytes.Length;
        for (var at = 0; at < bytes.Length;)
        {
            state = (state * 1_664_525) + 1_013_904_223 + bytes[at];
            var length = Math.Min(1 + (int)((state >> 16) % ((state >> 30) == 0 ? 200u : 9u)), bytes.Length - at);
            yield return bytes[at..(at + length)];
            at += length;
        }
    }
}
