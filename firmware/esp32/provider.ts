/** Stands in for the SDK's `embedded:provider/builtin`, which its `system` module imports and which would link every I/O class there is. */
export default {};
