namespace Sommelier.Parquet;

/// <summary>A file is no Parquet, is damaged, or uses what is not read here; the message says which, and the remedy.</summary>
internal sealed class ParquetException(string message) : Exception(message)
{
    /// <summary>The file contradicts itself.</summary>
    public static ParquetException Damaged(string what) => new($"The file is damaged: {what}.");
}
