"""What the cells of a lab call, and which names they need."""

import ast
import builtins
import symtable


def own_names(tree: ast.Module) -> set[str]:
    """Returns the functions and classes that a lab defines."""
    kinds = (ast.FunctionDef, ast.ClassDef)
    return {node.name for node in tree.body if isinstance(node, kinds)}


def calls_of(tree: ast.AST) -> set[str]:
    """Returns the names of all that is called, as they are written."""
    return {
        ast.unparse(node.func)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
    }


def step_of(statement: ast.stmt, own: set[str]) -> str | None:
    """Returns a step as text, None if a statement is no step.

    A step calls a function of the lab, or names what any function returns.

    >>> step_of(ast.parse("model = train(config)").body[0], set())
    'model = train(config)'
    >>> step_of(ast.parse("plot(model)").body[0], set()) is None
    True
    """
    value = getattr(statement, "value", None)
    is_named = isinstance(statement, ast.Assign) and isinstance(value, ast.Call)
    is_own = (
        isinstance(statement, ast.Expr)
        and isinstance(value, ast.Call)
        and ast.unparse(value.func) in own
    )
    return ast.unparse(statement) if is_named or is_own else None


def needed_names(statement: str, above: str) -> list[str]:
    """Returns what a statement needs and nothing above it defines.

    Names in the functions that it calls are needed, too.

    >>> needed_names("b = f(a)", "def f(x): return g(x)")
    ['a', 'g']
    >>> needed_names("a = f(a)", "def f(x): return x")
    ['a']
    """
    top = symtable.symtable(above, "above", "exec")
    defined = {
        symbol.get_name()
        for symbol in top.get_symbols()
        if symbol.is_assigned() or symbol.is_imported() or symbol.is_namespace()
    }
    inside = {table.get_name(): table for table in top.get_children()}
    needed = set()
    waiting = _globals_of(symtable.symtable(statement, "statement", "exec"))
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed.add(name)
            if name in inside:
                waiting |= _globals_of(inside[name])
    return sorted(needed - defined - set(dir(builtins)))


def _globals_of(table: symtable.SymbolTable) -> set[str]:
    is_top = table.get_type() == "module"
    names = {
        symbol.get_name()
        for symbol in table.get_symbols()
        if symbol.is_referenced() and (is_top or symbol.is_global())
    }
    return names.union(*map(_globals_of, table.get_children()))
