namespace Sommelier.Ledger.Storage;

/// <summary>The parameters of a statement, bound one after the other; null is NULL.</summary>
internal interface IRow
{
    /// <summary>Binds the next parameter.</summary>
    IRow Add(long value);

    /// <summary>Binds the next parameter.</summary>
    IRow Add(long? value);

    /// <summary>Binds the next parameter, as 1 or 0.</summary>
    IRow Add(bool value);

    /// <summary>Binds the next parameter.</summary>
    IRow Add(double? value);

    /// <summary>Binds the next parameter.</summary>
    IRow Add(string? value);

    /// <summary>Binds the next parameter to UTF-8 text.</summary>
    IRow AddText(ReadOnlySpan<byte> value);

    /// <summary>Binds the next parameter to bytes.</summary>
    IRow AddBytes(ReadOnlySpan<byte> value);

    /// <summary>Binds the next parameter to NULL.</summary>
    IRow AddNull();
}
