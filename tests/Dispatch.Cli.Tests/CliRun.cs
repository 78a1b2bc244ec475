using System.Text;

namespace TrafficDispatch.Cli.Tests;

/// <summary>One run of the tool in memory: what it returned and wrote.</summary>
internal sealed record CliRun(int Code, string Output, string Error)
{
    public static Task<CliRun> Of(params string[] arguments) => With(static t => t, arguments);

    public static Task<CliRun> WithInput(string input, params string[] arguments) =>
        With(t => t with { Input = () => new MemoryStream(Encoding.UTF8.GetBytes(input)) }, arguments);

    public static async Task<CliRun> With(Func<Terminal, Terminal> change, params string[] arguments)
    {
        using StringWriter output = new() { NewLine = "\n" }, error = new() { NewLine = "\n" };
        Terminal terminal = change(new Terminal(output, error, static () => Stream.Null));
        int code = await DispatchTool.RunAsync(arguments, terminal);
        return new(code, output.ToString(), error.ToString());
    }
}
